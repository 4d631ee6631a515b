/// A grant for the kernel's exec gate or, for a tool call, the MCP proxy.
public enum StartGrant: Sendable, Hashable {
    case command(CommandGrant)
    case patch(PatchGrant)
    case look(LookGrant)
    case tool(ToolGrant)
}
