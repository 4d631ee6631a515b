public import JSON

/// Where a command will run. The model may name another directory than the thread's (`workdir`), and codex does not
/// tell its hook; so the call is looked up in codex's own transcript, which has it before the hook runs.
public enum CommandDirectory: Sendable, Hashable {
    case known(String)
    /// A script of code mode chooses it in a way that cannot be read. Nobody is shown a guess, and no standing
    /// approval covers such a command. What then starts is still compared with what was granted.
    case unknown

    public var path: String? {
        if case .known(let path) = self { path } else { nil }
    }

    /// `transcript` is the end of codex's rollout file, line by line; the first line may be cut.
    public init(of input: HookInput, transcript: [JSONValue]) {
        let calls = transcript.compactMap { $0["payload"]?.objectValue }
        let own = calls.last { $0["call_id"]?.stringValue == input.toolUseID && $0["arguments"] != nil }
        if let arguments = own?["arguments"]?.stringValue {
            self = Self.argument(try? JSONValue(parsing: arguments), in: input.cwd)
            return
        }
        // Code mode: the call stands somewhere in a script of this turn.
        let scripts = calls.filter { $0["type"]?.stringValue == "custom_tool_call" }.compactMap {
            $0["input"]?.stringValue
        }
        let choosing = scripts.filter { $0.contains("workdir") || $0.contains("\\") && $0.contains("\\u") }
        if input.toolUseID.hasPrefix("exec-"), !scripts.isEmpty, choosing.isEmpty {
            self = .known(input.cwd)
        } else if choosing.count == 1, scripts.count == 1, let literal = Self.literal(in: choosing[0]) {
            self = .known(Self.resolved(literal, in: input.cwd))
        } else {
            self = .unknown
        }
    }

    private static func argument(_ arguments: JSONValue?, in cwd: String) -> CommandDirectory {
        switch arguments?["workdir"] {
        case nil, .null: arguments == nil ? .unknown : .known(cwd)
        case .string(let workdir): .known(resolved(workdir, in: cwd))
        default: .unknown
        }
    }

    /// The one directory that a script with one command names, as JSON would write it.
    private static func literal(in script: String) -> String? {
        let parts = script.split(separator: "workdir", omittingEmptySubsequences: false)
        guard parts.count == 2, script.split(separator: "exec_command", omittingEmptySubsequences: false).count == 2
        else { return nil }
        var rest = parts[1].unicodeScalars.drop { $0 == "\"" }.drop { $0 == " " }
        guard rest.popFirst() == ":" else { return nil }
        rest = rest.drop { $0 == " " }
        guard rest.popFirst() == "\"", let end = rest.firstIndex(of: "\"") else { return nil }
        let path = rest[..<end]
        return path.contains("\\") ? nil : String(path)
    }

    /// An absolute path without `.` and `..`, as codex reports it when the command starts.
    static func resolved(_ path: String, in cwd: String) -> String {
        var components: [Substring] = []
        for component in (path.hasPrefix("/") ? path : "\(cwd)/\(path)").split(separator: "/") where component != "." {
            if component == ".." { _ = components.popLast() } else { components.append(component) }
        }
        return "/" + components.joined(separator: "/")
    }
}
