public import JSON

/// How the gate's hook must look in codex's own list of hooks (`hooks/list`) before a thread may start.
public struct GateProof: Sendable, Hashable {
    /// codex's key for the first `PreToolUse` hook that was given on the command line.
    public static let hookKey = "/<session-flags>/config.toml:pre_tool_use:0:0"
    /// A year. The server alone ends the wait: codex lets a command run when its hook takes too long.
    public static let timeoutSeconds: Int64 = 31_536_000

    /// The shell line that codex runs before each tool call.
    public let command: String

    public init(command: String) { self.command = command }

    /// What is wrong with the gate in the directories that were asked about; nil when it is in force in all.
    public func fault(inHooksList result: JSONValue) -> String? {
        guard let entries = result["data"]?.arrayValue, !entries.isEmpty else {
            return "the agent lists no hooks"
        }
        for entry in entries {
            if let error = entry["errors"]?[0] {
                return "its hook configuration is broken: \(error["message"]?.stringValue ?? error.description)"
            }
            let hooks = entry["hooks"]?.arrayValue ?? []
            guard let hook = hooks.first(where: isGate) else { return "the gate's hook is missing" }
            for (key, value) in Self.required where hook[key] != value {
                return "the gate's hook has \(key) \(hook[key] ?? .null) where \(value) is needed"
            }
            for (key, value) in expected where hook[key] != nil && hook[key] != value {
                return "the gate's hook has \(key) \(hook[key] ?? .null) where \(value) is needed"
            }
        }
        return nil
    }

    /// A program that stands in for codex may say less of its hooks than codex does, but never that one is off.
    private static let required: [(String, JSONValue)] = [("enabled", true), ("trustStatus", "trusted")]

    private var expected: [(String, JSONValue)] {
        [
            ("eventName", "preToolUse"), ("handlerType", "command"), ("source", "sessionFlags"),
            ("command", .string(command)), ("async", false), ("matcher", ".*"),
            ("timeoutSec", .number(JSONNumber(Self.timeoutSeconds))),
        ]
    }

    private func isGate(_ hook: JSONValue) -> Bool { hook["key"] == nil || hook["key"]?.stringValue == Self.hookKey }
}
