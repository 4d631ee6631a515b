import ExecGrants
public import JSON

/// What the model passed besides a command's text. codex does not tell its hook, so this is looked up in codex's own
/// transcript, which contains the call before the hook runs.
struct CommandCall {
    /// The `workdir` of each call that may be meant; an element is nil if the call names none. nil if it cannot be
    /// determined.
    let workdirs: [String?]?
    /// The shells that the command may be started with: codex's default unless the call says otherwise. A start in any
    /// other shell is stopped.
    let shells: [CommandGrant.Shell]
    /// Arguments that could change what the text does: another shell, a wider sandbox, and whatever later versions of
    /// codex add. nil if they cannot be determined.
    let arguments: JSONObject?

    /// These change neither what runs nor how; ``workdirs`` covers where it runs.
    private static let plainNames: Set<String> = [
        "cmd", "command", "workdir", "yield_time_ms", "timeout_ms", "timeout", "max_output_tokens", "justification",
    ]

    /// `transcript` is the end of codex's rollout file, line by line; the first line may be incomplete.
    init(of input: HookInput, transcript: [JSONValue]) {
        let calls = transcript.compactMap { $0["payload"]?.objectValue }
        let (own, isOneOfSeveral) = Self.call(input.toolUseID, in: calls)
        guard !isOneOfSeveral else {
            (workdirs, shells, arguments) = (nil, CommandGrant.Shell.codexDefaults, nil)
            return
        }
        if let text = own?["arguments"]?.stringValue {
            let said = (try? JSONValue(parsing: text))?.objectValue
            workdirs = Self.workdir(said)
            shells = Self.shells(said?["shell"], login: said?["login"])
            arguments = said.map(Self.besides)
            return
        }
        // Code mode: the call is part of a script that still runs. Any running script that contains the text may be
        // meant.
        let scripts = Self.running(calls).map(CommandScript.calls(in:))
        let text = input.toolInput["command"]?.stringValue ?? ""
        let found = scripts.compactMap(\.self).flatMap(\.self).filter {
            $0["cmd"]?.stringValue?.isIdentical(to: text) == true
        }
        let directories = found.map(Self.workdir)
        guard !scripts.contains(where: { $0 == nil }), !found.isEmpty, !directories.contains(where: { $0 == nil })
        else {
            (workdirs, shells, arguments) = (nil, CommandGrant.Shell.codexDefaults, nil)
            return
        }
        workdirs = directories.compactMap(\.self).flatMap(\.self)
        let variants = Set(found.map(Self.besides))
        let only = variants.count == 1 ? variants.first : nil
        arguments = only
        shells = only.map { Self.shells($0["shell"], login: $0["login"]) } ?? CommandGrant.Shell.codexDefaults
    }

    /// The call with this id that has no output yet. A model may reuse an id; if several calls wait under the same id,
    /// the server cannot tell which is meant.
    private static func call(_ id: String, in calls: [JSONObject]) -> (JSONObject?, isOneOfSeveral: Bool) {
        var waiting: [JSONObject] = []
        for call in calls where call["call_id"]?.stringValue == id {
            if call["arguments"] != nil {
                waiting.append(call)
            } else if call["output"] != nil {
                waiting.removeAll()
            }
        }
        return (waiting.last, waiting.count > 1)
    }

    private static func besides(_ arguments: JSONObject) -> JSONObject {
        JSONObject(arguments.members.filter { !plainNames.contains($0.key) && !$0.value.isNull })
    }

    private static func workdir(_ arguments: JSONObject?) -> [String?]? {
        switch (arguments, arguments?["workdir"]) {
        case (nil, _): nil
        case (_, nil), (_, .null): [nil]
        case (_, .string(let workdir)): [workdir]
        default: nil
        }
    }

    /// How codex 0.163 reads `shell` and `login`: it looks up `sh` in PATH, and uses `sh` for a shell that it does not
    /// know.
    private static func shells(_ shell: JSONValue?, login: JSONValue?) -> [CommandGrant.Shell] {
        let isLogin = login != false
        let name = shell?.stringValue.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        guard let name, name != "bash" else { return CommandGrant.Shell.bash(isLogin: isLogin) }
        let names = name == "sh" ? ["sh"] : [name, "sh"]
        return names.flatMap { ["/usr/bin/\($0)", "/bin/\($0)"] }.map {
            CommandGrant.Shell(path: $0, isLogin: isLogin)
        }
    }

    /// The scripts that may still start a command: those without an output, or whose output says that they still run.
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
    /// Adds what codex does not tell its hook, from the transcript. `transcript` is the end of codex's rollout file, line
    /// by line; the first line may be cut.
    public mutating func complete(from transcript: [JSONValue]) {
        let call = CommandCall(of: self, transcript: transcript)
        directory = CommandDirectory(call, in: cwd)
        arguments = call.arguments
        shells = call.shells
    }
}
