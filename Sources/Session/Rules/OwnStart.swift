import ExecGate
import JSON
import JSONRPC

/// What an admin starts without an agent: the command line that the call asks for may start once.
enum OwnStart {
    static let methods: Set<String> = [
        "thread/shellCommand", "command/exec", "process/spawn", "mcpServer/tool/call",
    ]

    static func grant(for method: String, _ params: @autoclosure () throws(ErrorReply) -> JSONValue)
        throws(ErrorReply) -> StartGrant?
    {
        guard methods.contains(method) else { return nil }
        let params = try params()
        let threadID = params["threadId"]?.stringValue
        switch method {
        case "thread/shellCommand":
            guard let threadID, let text = params["command"]?.stringValue else { return nil }
            return command(.script(text, shells: CommandGrant.Shell.codexDefaults), threadID)
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
            return command(.commandLine(words), nil)
        }
    }

    /// What an admin runs asks nobody, and is recorded.
    private static func command(_ program: CommandGrant.Program, _ threadID: String?) -> StartGrant {
        .command(
            CommandGrant(
                threadID: threadID, callID: nil, program: program, directory: nil, width: .everything,
                mayUseNetwork: true, mayLeaveSandbox: true))
    }
}
