import JSONRPC

/// Methods that do more than talk to the agent, and who may use them. What is not named here passes.
enum MethodRules {
    static func check(_ method: String, actor: Actor) throws(ErrorReply) {
        if method.hasPrefix("remoteControl/") {
            throw ErrorReply(
                .refused, "\(method): remote control would let clients past this server, so it is off here.")
        }
        guard !actor.isLocal else { return }
        if localOnly.contains(method) || localOnlyFamilies.contains(where: method.hasPrefix) {
            throw ErrorReply(
                .refused, "\(method) acts on the machine without asking: only the local user may call it.")
        }
    }

    /// They run commands, write files, or change what later threads may do, with no question to anybody.
    private static let localOnly: Set<String> = [
        "thread/shellCommand", "config/value/write", "config/batchWrite", "config/mcpServer/reload",
        "experimentalFeature/enablement/set", "environment/add", "skills/config/write", "skills/extraRoots/set",
        "mcpServer/tool/call", "mcpServer/resource/read", "externalAgentConfig/import", "plugin/install",
        "plugin/uninstall", "plugin/reconcile", "thread/approveGuardianDeniedAction", "feedback/upload",
        "memory/reset", "rollout/compress",
    ]

    private static let localOnlyFamilies = [
        "command/exec", "process/", "fs/", "marketplace/", "plugin/share/", "mcpServer/event/", "windowsSandbox/",
    ]
}
