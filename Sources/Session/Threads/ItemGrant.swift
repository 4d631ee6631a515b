import ExecGrants
import JSON

/// What may run under an item's id.
enum ItemGrant: Sendable, Hashable {
    /// `directory` is nil if it cannot be determined.
    case command(String, directory: String?, shells: [CommandGrant.Shell])
    case patch
    /// A tool of an MCP server or of a client, or one of codex's.
    case tool(name: String, input: JSONValue)
    /// One of codex's own tools that needs no approval. `addressees` are the threads that the call names.
    case harmless(tool: String, addressees: Set<String>)

    /// Whether a person or a rule approved this client's tool with these arguments. A tool with the name of one of codex's
    /// own was shown as that one, or not at all.
    func covers(_ call: ClientToolCall) -> Bool {
        guard case .tool(let name, let input) = self, !name.hasPrefix("mcp__"), name != "apply_patch" else {
            return false
        }
        return ToolGrantTable.isSame(input, call.arguments)
    }
}
