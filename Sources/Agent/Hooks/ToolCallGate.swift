import ExecGrants
public import JSON
public import Logging
public import Relay

/// Decides about each message that codex sends to an MCP server.
public struct ToolCallGate: Sendable {
    private let starts: GrantStore
    private let hub: Hub
    private let logger: Logger

    public init(starts: GrantStore, hub: Hub, logger: Logger) {
        self.starts = starts
        self.hub = hub
        self.logger = logger
    }

    /// The error response for codex; nil if the message may pass.
    public func refusal(of message: [UInt8], to server: String) -> JSONValue? {
        guard let message = try? JSONValue(parsing: message), message.objectValue != nil else {
            return refused(.null, nil, "something that is not a single JSON-RPC message", server)
        }
        // Do not use a conditional expression here: its nil would become JSON's null.
        guard let call = ToolCall(message, server: server) else { return nil }
        guard !ToolGrant.isAmbiguous(server: server) else {
            return refused(
                call.id, call, call.description, server,
                because: "its server's name holds two underscores in a row or ends with one: rename the server")
        }
        guard !starts.take(call) else { return nil }
        guard let name = starts.takeOtherName(of: call) else {
            return refused(call.id, call, call.description, server)
        }
        return refused(
            call.id, call, call.description, server,
            because: """
                it was approved as \(name), which may mean another one. codex adds digits to names that differ only in \
                characters other than letters and digits: rename one of these tools or servers
                """)
    }

    /// The server did not make a call that ``refusal(of:to:)`` let pass: it does not know the session.
    public func notMade(_ message: [UInt8], by server: String) {
        guard let message = try? JSONValue(parsing: message), let call = ToolCall(message, server: server) else {
            return
        }
        starts.giveBack(call)
    }

    private func refused(
        _ id: JSONValue, _ call: ToolCall?, _ what: String, _ server: String,
        because reason: String = "it was not approved"
    ) -> JSONValue {
        logger.error("a call of an MCP tool was stopped", metadata: ["server": "\(server)", "call": "\(what)"])
        hub.startStopped(
            .init(threadID: call?.threadID, callID: call?.callID, command: what, reason: reason))
        let message =
            "The approval gate of the SRE Agent Server did not allow this call, so it was not made: \(reason)."
        return ["jsonrpc": "2.0", "id": id, "error": ["code": -32000, "message": .string(message)]]
    }
}
