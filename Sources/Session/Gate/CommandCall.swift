import ExecGate
public import JSON

/// What the model said beside a command's text: codex does not tell its hook, so it is looked up in codex's own
/// transcript, which has the call before the hook runs.
struct CommandCall {
    /// The `workdir` of each call that may be meant, nil where it names none. Nil when nobody can tell.
    let workdirs: [String?]?
    /// The shells that the command may be started with: codex's default unless the call says otherwise.
    let shells: [CommandGrant.Shell]
    /// The call says nothing that could make the text mean more than it says: no other shell, no wider sandbox.
    let isPlain: Bool

    private static let plainNames: Set<String> = [
        "cmd", "command", "workdir", "yield_time_ms", "timeout_ms", "timeout", "max_output_tokens",
    ]

    /// `transcript` is the end of codex's rollout file, line by line; the first line may be cut.
    init(of input: HookInput, transcript: [JSONValue]) {
        let calls = transcript.compactMap { $0["payload"]?.objectValue }
        let own = calls.last { $0["call_id"]?.stringValue == input.toolUseID && $0["arguments"] != nil }
        if let arguments = own?["arguments"]?.stringValue {
            let arguments = (try? JSONValue(parsing: arguments))?.objectValue
            workdirs = Self.workdir(arguments)
            shells = Self.shells(arguments?["shell"], login: arguments?["login"])
            isPlain = arguments.map { Set($0.keys).isSubset(of: Self.plainNames) } ?? false
        } else {
            // Code mode: the call stands in a script that still runs. Any of those may be meant.
            let found = Self.running(calls).map(CommandScript.calls(in:))
            let commands = found.compactMap(\.self).flatMap(\.self)
            let isReadable = !found.contains { $0 == nil }
            workdirs = isReadable ? commands.map(\.workdir) : nil
            let said = isReadable ? commands.flatMap { Self.shells($0.shell, login: $0.login) } : []
            shells = said.isEmpty ? CommandGrant.Shell.codexDefaults : said
            isPlain = isReadable && !commands.isEmpty && commands.allSatisfy { $0.names.isSubset(of: Self.plainNames) }
        }
    }

    private static func workdir(_ arguments: JSONObject?) -> [String?]? {
        switch (arguments, arguments?["workdir"]) {
        case (nil, _): nil
        case (_, nil), (_, .null): [nil]
        case (_, .string(let workdir)): [workdir]
        default: nil
        }
    }

    /// How codex 0.163 reads `shell` and `login`: `sh` is looked up in PATH, and for what it does not know it takes `sh`.
    private static func shells(_ shell: JSONValue?, login: JSONValue?) -> [CommandGrant.Shell] {
        let isLogin = login != false
        let name = shell?.stringValue.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        guard let name, name != "bash" else { return CommandGrant.Shell.bash(isLogin: isLogin) }
        let names = name == "sh" ? ["sh"] : [name, "sh"]
        return names.flatMap { ["/usr/bin/\($0)", "/bin/\($0)"] }.map {
            CommandGrant.Shell(path: $0, isLogin: isLogin)
        }
    }

    /// The scripts that may still start a command: those without an output, or whose output says that they go on.
    private static func running(_ calls: [JSONObject]) -> [String] {
        var scripts: [(id: String, source: String)] = []
        for call in calls {
            guard let id = call["call_id"]?.stringValue else { continue }
            switch call["type"]?.stringValue {
            case "custom_tool_call": scripts.append((id, call["input"]?.stringValue ?? ""))
            case "custom_tool_call_output" where !(call["output"] ?? .null).description.contains("Script running"):
                scripts.removeAll { $0.id == id }
            default: break
            }
        }
        return scripts.map(\.source)
    }
}

extension HookInput {
    /// Takes from the transcript what codex does not tell its hook. `transcript` as in ``CommandCall``.
    public mutating func complete(from transcript: [JSONValue]) {
        let call = CommandCall(of: self, transcript: transcript)
        directory = CommandDirectory(call, in: cwd)
        isPlain = call.isPlain
        shells = call.shells
    }
}
