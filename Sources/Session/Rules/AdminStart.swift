import ExecGrants
import JSON
import JSONRPC

/// Programs that an admin starts without the model: the command line in the call may start once.
enum AdminStart {
    static let methods: Set<String> = [
        "thread/shellCommand", "command/exec", "process/spawn", "mcpServer/tool/call",
    ]

    /// `place` returns a thread's place, if known.
    static func grant(
        for method: String, _ params: @autoclosure () throws(ErrorReply) -> JSONValue, policy: ServerPolicy,
        place: (String) -> ThreadPlace?
    ) throws(ErrorReply) -> StartGrant? {
        guard methods.contains(method) else { return nil }
        let params = try params()
        let threadID = params["threadId"]?.stringValue
        switch method {
        case "thread/shellCommand":
            guard let threadID, let text = params["command"]?.stringValue else { return nil }
            return command(
                .script(text, shells: CommandGrant.Shell.codexDefaults), threadID,
                Confinement(directory: place(threadID)?.directory, writable: nil))
        case "mcpServer/tool/call":
            guard let threadID, let server = params["server"]?.stringValue, let tool = params["tool"]?.stringValue
            else { return nil }
            return .tool(
                ToolGrant(
                    threadID: threadID, callID: nil, server: server, tool: tool,
                    arguments: params["arguments"] ?? .null))
        default:
            guard let words = params["command"]?.arrayValue?.compactMap(\.stringValue), !words.isEmpty else {
                return nil
            }
            return command(.commandLine(words), nil, confinement(params, policy))
        }
    }

    /// An admin's own command is recorded but not asked.
    private static func command(
        _ program: CommandGrant.Program, _ threadID: String?, _ confinement: Confinement
    ) -> StartGrant {
        .command(
            CommandGrant(
                threadID: threadID, callID: nil, program: program, directory: nil, width: .everything,
                mayUseNetwork: true, mayLeaveSandbox: true, confinement: confinement))
    }

    /// Where a command line runs, and what the requested sandbox may let it write.
    private static func confinement(_ params: JSONValue, _ policy: ServerPolicy) -> Confinement {
        let named = params["cwd"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
        let path = CommandDirectory.resolved(named ?? "", in: policy.workspace)
        let directory = policy.resolveDirectory(path) ?? path
        let sandbox = params["sandboxPolicy"]
        switch sandbox?["type"] {
        case "dangerFullAccess", "externalSandbox": return Confinement(directory: directory, writable: nil)
        case "readOnly": return Confinement(directory: directory, writable: [])
        default:
            let more = (sandbox?["writableRoots"]?.arrayValue ?? []).compactMap(\.stringValue)
            // Such a sandbox opens the directory of the codex process, wherever the command runs.
            return Confinement(
                directory: directory,
                writable: [policy.workspace, directory] + more.map { policy.resolveDirectory($0) ?? $0 })
        }
    }
}
