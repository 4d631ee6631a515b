import JSON

/// The arguments of codex's own tools, the same in both shapes.
extension ToolCallItems {
    static func arguments(of command: Command) -> JSONValue {
        var arguments: JSONValue = ["cmd": .string(command.command)]
        arguments["workdir"] = command.workdir.map(JSONValue.string)
        arguments["tty"] = command.tty ? true : nil
        arguments["yield_time_ms"] = command.yieldMilliseconds.map(number)
        arguments["sandbox_permissions"] = command.escalate ? "require_escalated" : nil
        arguments["justification"] = command.justification.map(JSONValue.string)
        return arguments
    }

    static func arguments(session: Int64, chars: String, yield: Int?) -> JSONValue {
        var arguments: JSONValue = ["session_id": .number(JSONNumber(session)), "chars": .string(chars)]
        arguments["yield_time_ms"] = yield.map(number)
        return arguments
    }

    /// The command line that codex recognises as a patch. The end marker must not be a line of the patch.
    static func heredoc(_ patch: String) -> String {
        let lines = Set(patch.split(separator: "\n", omittingEmptySubsequences: false))
        var mark = "EOF"
        while lines.contains(Substring(mark)) { mark += "_" }
        return "apply_patch <<'\(mark)'\n\(patch)\(patch.hasSuffix("\n") ? "" : "\n")\(mark)\n"
    }

    private static func number(_ value: Int) -> JSONValue { .number(JSONNumber(Int64(value))) }
}
