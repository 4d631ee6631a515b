/// The user that codex and all its commands run as when the server runs as root.
public struct AgentUser: Sendable, Hashable {
    public let uid: UInt32
    public let gid: UInt32

    public init(uid: UInt32, gid: UInt32) {
        self.uid = uid
        self.gid = gid
    }
}
