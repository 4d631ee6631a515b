import JSON

/// codex's report about a command to the model: the same four facts in both shapes.
struct CommandOutput: Sendable, Hashable {
    /// The command's stdout and stderr, possibly truncated by codex.
    var text: String
    /// nil while the command runs, and for a patch.
    var exitCode: Int64?
    /// The session id for writing to a running command.
    var sessionID: Int64?

    /// Set while the command runs.
    var runningSession: Int64? { exitCode == nil ? sessionID : nil }

    init(text: String, exitCode: Int64? = nil, sessionID: Int64? = nil) {
        self.text = text
        self.exitCode = exitCode
        self.sessionID = sessionID
    }

    /// Classic shape: a few lines of facts, a line `Output:`, then the output. nil for any other text, such as a
    /// refusal.
    init?(report: String) {
        self.init(text: "")
        var rest = Substring(report)
        while true {
            guard let end = rest.firstIndex(of: "\n") else { return nil }
            let line = rest[..<end]
            rest = rest[rest.index(after: end)...]
            if line == "Output:" { break }
            guard let fact = Self.fact(line) else { return nil }
            switch fact {
            case .exitCode(let code): exitCode = code
            case .session(let id): sessionID = id
            case .other: continue
            }
        }
        text = String(rest)
    }

    /// Code mode: the object that `tools.exec_command` returns, as JSON.
    init?(json: String) {
        guard json.hasPrefix("{"), let value = try? JSONValue(parsing: json),
            let text = value["output"]?.stringValue, value["wall_time_seconds"] != nil
        else { return nil }
        self.init(text: text, exitCode: value["exit_code"]?.intValue, sessionID: value["session_id"]?.intValue)
    }

    private enum Fact {
        case exitCode(Int64)
        case session(Int64)
        case other
    }

    private static func fact(_ line: Substring) -> Fact? {
        func number(after prefix: String) -> Int64? {
            line.hasPrefix(prefix) ? Int64(line.dropFirst(prefix.count)) : nil
        }
        if let code = number(after: "Process exited with code ") { return .exitCode(code) }
        if let id = number(after: "Process running with session ID ") { return .session(id) }
        let others = ["Chunk ID: ", "Wall time: ", "Original token count: "]
        return others.contains { line.hasPrefix($0) } ? .other : nil
    }
}
