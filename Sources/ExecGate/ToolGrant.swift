public import JSON

/// Allows one call of an MCP server's tool, which runs no program that the kernel could see.
public struct ToolGrant: Sendable, Hashable {
    /// codex's names of the thread that calls and of the call; the latter nil for a call of a client's own.
    public let threadID: String
    public let callID: String?
    /// As codex writes it in a tool's name: other characters than letters and digits are `_`.
    public let server: String
    /// The tool's name behind the server's, written likewise.
    public let tool: String
    public let arguments: JSONValue

    public init(threadID: String, callID: String?, server: String, tool: String, arguments: JSONValue) {
        self.threadID = threadID
        self.callID = callID
        self.server = server
        self.tool = tool
        self.arguments = arguments
    }
}
