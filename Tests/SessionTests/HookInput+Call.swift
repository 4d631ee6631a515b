import JSON
@testable import Session

extension HookInput {
    /// A tool call in thread `t` by default.
    static func call(
        tool: String = "Bash", input: JSONValue, thread: String = "t", item: String = "i", cwd: String = "/w",
        subAgent: String? = nil, turn: String = "u"
    ) -> HookInput {
        var json: JSONValue = [
            "session_id": .string(thread), "turn_id": .string(turn), "cwd": .string(cwd), "tool_name": .string(tool),
            "tool_input": input, "tool_use_id": .string(item),
        ]
        json["agent_id"] = subAgent.map { .string($0) }
        guard let input = HookInput(json) else { preconditionFailure("a whole hook input") }
        return input
    }

    /// `arguments` are the call's arguments besides its text and directory; nil if they are unknown.
    static func command(
        _ command: String, thread: String = "t", item: String = "i", cwd: String = "/w", subAgent: String? = nil,
        turn: String = "u", arguments: JSONObject? = [:]
    ) -> HookInput {
        var input = call(
            input: ["command": .string(command)], thread: thread, item: item, cwd: cwd, subAgent: subAgent, turn: turn)
        input.arguments = arguments
        return input
    }
}
