import Glibc

/// A private directory for one life of the server. It contains the server's sockets and the marker that identifies
/// processes left over from a killed server.
public struct RunDirectory: Sendable {
    /// Set in the environment of every process that the server starts. Its value is ``path``.
    public static let marker = "SRE_AGENT_RUN"

    public let path: String
    public var gateSocket: String { "\(path)/gate" }
    /// If the agent runs as another user, the socket is in a directory owned by that user. As root, the server must not
    /// access files by name in a directory that another user can change.
    public var agentSocket: String { isOfAnotherUser ? "\(path)/agent/socket" : "\(path)/agent" }
    private let isOfAnotherUser: Bool

    public struct Unusable: Error, CustomStringConvertible {
        public let description: String
    }

    /// Creates the directory below `base` (mode 0700) after killing what earlier servers left behind there. If the
    /// agent has its own user, the directory is below `/run/sre-agent` instead, since that user has no access to the
    /// server's state.
    public init(below base: String, for user: AgentUser? = nil) throws {
        let root = user == nil ? "\(base)/run" : "/run/sre-agent"
        try Self.makePrivate(root, mode: user == nil ? 0o700 : 0o711)
        Self.cleanUp(root)
        path = "\(root)/\(getpid())"
        isOfAnotherUser = user != nil
        // sun_path in sockaddr_un holds 108 bytes; the limit leaves room for a longer name in a later version.
        guard "\(path)/agent".utf8.count < 100 else {
            throw Unusable(description: "STATE_DIR is too long for a socket's path: \(path). Choose a shorter one.")
        }
        try Self.makePrivate(path, mode: user == nil ? 0o700 : 0o711)
        try Self.write("\(getpid()) \(Proc.startTime(getpid()) ?? "")", to: "\(path)/owner")
        if let user {
            mkdir("\(path)/agent", 0o700)
            lchown("\(path)/agent", user.uid, user.gid)
        }
    }

    public func remove() { FileTree.remove(path) }

    static func makePrivate(_ path: String, mode: mode_t = 0o700) throws {
        var partial = ""
        for component in path.split(separator: "/") {
            partial += "/\(component)"
            mkdir(partial, 0o700)
        }
        guard chmod(path, mode) == 0 else {
            throw Unusable(
                description: "\(path) cannot be made a private directory: \(String(cString: strerror(errno))).")
        }
    }

    private static func write(_ text: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Unusable(description: "\(path) cannot be written: \(String(cString: strerror(errno))).")
        }
        _ = text.withCString { Glibc.write(descriptor, $0, strlen($0)) }
        close(descriptor)
    }

    private static func cleanUp(_ root: String) {
        for name in FileTree.entries(of: root) {
            let path = "\(root)/\(name)"
            guard let owner = Proc.read("\(path)/owner")?.split(separator: " "), owner.count == 2,
                let pid = pid_t(owner[0])
            else { continue }  // a server that starts right now is creating it
            guard Proc.startTime(pid) != String(owner[1]) || Proc.isZombie(pid) else { continue }
            for orphan in Proc.all where orphan != getpid() {
                if Proc.environment(of: orphan, contains: "\(path)/")
                    || Proc.environment(of: orphan, contains: "\(marker)=\(path)\0")
                {
                    _ = kill(orphan, SIGKILL)
                }
            }
            FileTree.remove(path)
        }
    }
}
