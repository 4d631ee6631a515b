import JSON

@testable import ScriptedModel

/// Request bodies like codex's, reduced to the members that the model reads.
enum Requests {
    static let permissions = """
        <permissions instructions>
        Filesystem sandboxing defines which files can be read or written. `sandbox_mode` is `workspace-write`: …
        # Escalation Requests
        - Provide the `sandbox_permissions` parameter with the value `"require_escalated"`
        </permissions instructions>
        """

    static let neverAsk = """
        <permissions instructions>
        `sandbox_mode` is `workspace-write`: The sandbox permits reading files.
        Approval policy is currently never. Do not provide the `sandbox_permissions` for any reason.
        </permissions instructions>
        """

    static func message(_ role: String, _ texts: String...) -> JSONValue {
        [
            "type": "message", "role": .string(role),
            "content": .array(texts.map { ["type": "input_text", "text": .string($0)] }),
        ]
    }

    static let context: [JSONValue] = [
        message("developer", "You are a coding agent.", permissions),
        message("user", "<environment_context>\n  <cwd>/srv</cwd>\n</environment_context>"),
    ]

    static func call(_ id: String, name: String = "exec_command") -> JSONValue {
        ["type": "function_call", "name": .string(name), "call_id": .string(id), "arguments": "{}"]
    }

    static func output(_ id: String, _ text: String) -> JSONValue {
        ["type": "function_call_output", "call_id": .string(id), "output": .string(text)]
    }

    static func exec(_ id: String) -> JSONValue {
        ["type": "custom_tool_call", "name": "exec", "namespace": "functions", "call_id": .string(id), "input": "…"]
    }

    static func execOutput(_ id: String, _ texts: String...) -> JSONValue {
        [
            "type": "custom_tool_call_output", "call_id": .string(id),
            "output": .array(texts.map { ["type": "input_text", "text": .string($0)] }),
        ]
    }

    /// codex's report of an ended command, in the classic shape.
    static func report(_ text: String, exitCode: Int = 0) -> String {
        "Chunk ID: 6a0bac\nWall time: 0.4402 seconds\nProcess exited with code \(exitCode)\n"
            + "Original token count: 37\nOutput:\n\(text)"
    }

    /// The same report in code mode.
    static func result(_ text: String, exitCode: Int64 = 0) -> String {
        let value: JSONValue = [
            "chunk_id": "4e7b1d", "wall_time_seconds": 0.332526784, "exit_code": .number(JSONNumber(exitCode)),
            "original_token_count": 37, "output": .string(text),
        ]
        return value.description
    }

    static let classicTools: JSONValue = [
        ["type": "function", "name": "exec_command"],
        ["type": "function", "name": "write_stdin"],
        ["type": "function", "name": "request_user_input"],
        ["type": "namespace", "name": "multi_agent_v1", "tools": [["type": "function", "name": "spawn_agent"]]],
        ["type": "namespace", "name": "mcp__my_srv", "tools": [["type": "function", "name": "echo_it"]]],
        ["type": "web_search"],
    ]

    static let additionalTools: JSONValue = [
        "type": "additional_tools", "role": "developer",
        "tools": [
            [
                "type": "namespace", "name": "functions",
                "tools": [
                    ["type": "custom", "name": "exec"],
                    ["type": "function", "name": "wait"],
                    ["type": "function", "name": "request_user_input"],
                ],
            ],
            ["type": "namespace", "name": "collaboration", "tools": [["type": "function", "name": "spawn_agent"]]],
        ],
    ]

    static func classic(_ items: JSONValue...) throws -> ResponsesRequest {
        try ResponsesRequest(body: ["model": "any", "tools": classicTools, "input": .array(context + items)])
    }

    static func codeMode(_ items: JSONValue...) throws -> ResponsesRequest {
        try ResponsesRequest(body: ["model": "gpt", "input": .array([additionalTools] + context + items)])
    }
}
