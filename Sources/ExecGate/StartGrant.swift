/// What the kernel is told to let start.
public enum StartGrant: Sendable, Hashable {
    case command(CommandGrant)
    case patch(PatchGrant)
    case look(LookGrant)
    case tool(ToolGrant)
}
