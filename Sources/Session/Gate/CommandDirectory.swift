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
        // Code mode: the call stands in a script that still runs. All that may be meant must name the same directory.
        var directories: Set<String> = []
        for script in Self.running(calls) {
            guard let named = CommandScript.directories(in: script) else {
                self = .unknown
                return
            }
            directories.formUnion(named.map { Self.resolved($0 ?? "", in: input.cwd) })
        }
        self = directories.count == 1 ? directories.first.map(Self.known) ?? .unknown : .unknown
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

    private static func argument(_ arguments: JSONValue?, in cwd: String) -> CommandDirectory {
        switch arguments?["workdir"] {
        case nil, .null: arguments == nil ? .unknown : .known(cwd)
        case .string(let workdir): .known(resolved(workdir, in: cwd))
        default: .unknown
        }
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
