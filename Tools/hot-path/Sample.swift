import Policy
import Session

/// Typical messages, of given lengths.
enum Sample {
    static func delta(_ length: Int) -> [UInt8] {
        filled(#"{"method":"item/agentMessage/delta","params":{"threadId":"t","delta":""#, #""}}"#, length)
    }

    static func request(_ length: Int, id: Int) -> [UInt8] {
        filled(#"{"id":\#(id),"method":"thread/loaded/list","params":{"cursor":""#, #""}}"#, length)
    }

    static func answer(id: Int) -> [UInt8] { filled(#"{"id":\#(id),"result":{"data":[""#, #""]}}"#, 300) }

    private static func filled(_ start: String, _ end: String, _ length: Int) -> [UInt8] {
        let text = [UInt8](repeating: UInt8(ascii: "x"), count: length - start.utf8.count - end.utf8.count)
        return Array(start.utf8) + text + Array(end.utf8)
    }

    /// For payloads of 126 to 65,535 bytes (RFC 6455 section 5.2).
    static func maskedFrame(_ payload: [UInt8]) -> [UInt8] {
        let key: [UInt8] = [0x12, 0x34, 0x56, 0x78]
        let header: [UInt8] = [0x81, 0xFE, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        return header + key + payload.enumerated().map { $1 ^ key[$0 % 4] }
    }

    /// The session of a local user, with its agent.
    static func session() -> ClientSession {
        let policy = ServerPolicy(
            workspace: "/srv", profiles: PermissionProfiles(suffix: "0"), floors: Floors(workspace: "/srv"),
            resolveDirectory: { $0 })
        var session = ClientSession(
            id: SessionID(1), client: ClientContext(.local), dialect: .codex, policy: policy, ownPrefix: "own-",
            knownMode: { _ in nil })
        let info = AgentInfo(
            id: AgentID(1), proof: GateProof(command: "gate", verifier: "verifier"), threadsRefused: nil,
            isShared: false)
        _ = session.agentAttached(info)
        return session
    }
}
