import JSON

/// codex's report about one call of the model: a command's output, or the reason that there is none.
struct ToolOutput: Sendable, Hashable {
    enum Part: Sendable, Hashable {
        case command(CommandOutput)
        /// Any other result: of another tool, a refusal, an error.
        case text(String)
    }

    let callID: String
    /// One for a classic call; in code mode as many as the JavaScript has written, possibly none.
    let parts: [Part]
    /// Set while the JavaScript of this call is running, for instance because it waits for an approval.
    let runningCell: String?

    /// The last command among the parts that is still running.
    var sessionID: Int64? {
        for case .command(let output) in parts.reversed() {
            if let session = output.runningSession { return session }
        }
        return nil
    }

    /// nil if the item is not the output of a call.
    init?(item: JSONValue) {
        guard let type = item["type"]?.stringValue, type.hasSuffix("_call_output"),
            let callID = item["call_id"]?.stringValue
        else { return nil }
        var texts: [String]
        if let text = item["output"]?.stringValue {
            texts = [text]
        } else {
            texts = (item["output"]?.arrayValue ?? []).compactMap { $0["text"]?.stringValue }
        }
        self.callID = callID
        guard let first = texts.first, let state = ScriptState(heading: first) else {
            parts = texts.map { CommandOutput(report: $0).map(Part.command) ?? .text($0) }
            runningCell = nil
            return
        }
        texts.removeFirst()
        runningCell = if case .running(let cell) = state { cell } else { nil }
        parts = texts.map { CommandOutput(json: $0).map(Part.command) ?? .text(Self.withoutErrorHeading($0)) }
    }

    /// The first line of an `exec` or `wait` output in code mode.
    private enum ScriptState {
        case ended
        case running(cell: String)

        init?(heading: String) {
            let running = "Script running with cell ID "
            guard let line = heading.split(separator: "\n").first else { return nil }
            if line.hasPrefix(running) {
                self = .running(cell: String(line.dropFirst(running.count)))
            } else if line == "Script completed" || line == "Script failed" || line == "Script terminated" {
                self = .ended
            } else {
                return nil
            }
        }
    }

    private static func withoutErrorHeading(_ text: String) -> String {
        let heading = "Script error:\n"
        return text.hasPrefix(heading) ? String(text.dropFirst(heading.count)) : text
    }
}
