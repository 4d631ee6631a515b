public import JSON

/// How the gate's hook and its verifier must appear in codex's own list of hooks (`hooks/list`) before a thread may
/// start.
public struct GateProof: Sendable, Hashable {
    /// codex's keys for the `PreToolUse` hooks from its command line.
    public static let hookKey = "/<session-flags>/config.toml:pre_tool_use:0:0"
    public static let verifierKey = "/<session-flags>/config.toml:pre_tool_use:0:1"
    public static let keys: Set<String> = [hookKey, verifierKey]
    /// A year. Only the server ends the wait: codex lets a command run when its hook takes too long.
    public static let timeoutSeconds: Int64 = 31_536_000
    /// The verifier's tool that codex calls.
    public static let verifierTool = "verifier"

    /// The shell line that codex runs before each tool call.
    public let command: String
    /// The name of the MCP server that codex calls in addition to the hook.
    public let verifier: String

    public init(command: String, verifier: String) {
        self.command = command
        self.verifier = verifier
    }

    /// Why codex cannot use its configuration in the queried directories; nil if it can in all of them.
    public static func configurationFault(inHooksList result: JSONValue) -> ConfigurationFault? {
        for entry in result["data"]?.arrayValue ?? [] {
            guard let error = entry["errors"]?[0] else { continue }
            let place = error["path"]?.stringValue.map { " in \($0)" } ?? ""
            return ConfigurationFault(error["message"]?.stringValue ?? "codex does not say why\(place)")
        }
        return nil
    }

    /// What is wrong with the gate in the queried directories; nil if it is in force in all of them.
    public func fault(inHooksList result: JSONValue) -> String? {
        guard let entries = result["data"]?.arrayValue, !entries.isEmpty else {
            return "the agent lists no hooks"
        }
        if let fault = Self.configurationFault(inHooksList: result) {
            return "codex cannot use its configuration: \(fault.description)"
        }
        for entry in entries {
            let hooks = entry["hooks"]?.arrayValue ?? []
            guard let hook = hooks.first(where: { $0["key"] == nil || Self.has(Self.hookKey, $0) }) else {
                return "the gate's hook is missing"
            }
            if let fault = Self.fault(hook, expected) { return "the gate's hook has \(fault)" }
            // A program that stands in for codex and sends no keys has only one hook.
            guard hook["key"] != nil else { continue }
            guard let hook = hooks.first(where: { Self.has(Self.verifierKey, $0) }) else {
                return "the gate's verifier is missing"
            }
            if let fault = Self.fault(hook, expectedOfVerifier) { return "the gate's verifier has \(fault)" }
            if let hook = hooks.first(where: Self.isForeign) {
                let file = hook["sourcePath"]?.stringValue ?? hook["key"]?.stringValue ?? "codex's configuration"
                return
                    "a hook for \(hook["eventName"]?.stringValue ?? "an event") in \(file) could answer in a person's place. "
                    + "Remove it there; a hook added after this server started is disabled at the next start"
            }
        }
        return nil
    }

    /// Is this an active hook that does not belong to the gate?
    public static func isForeign(_ hook: JSONValue) -> Bool {
        hook["key"] != nil && !keys.contains(hook["key"]?.stringValue ?? "") && hook["enabled"] != false
            && hook["trustStatus"] != "untrusted"
    }

    private static func fault(_ hook: JSONValue, _ expected: [(String, JSONValue)]) -> String? {
        for (key, value) in required where hook[key] != value {
            return "\(key) \(hook[key] ?? .null) where \(value) is needed"
        }
        for (key, value) in expected where hook[key] != nil && hook[key] != value {
            return "\(key) \(hook[key] ?? .null) where \(value) is needed"
        }
        return nil
    }

    /// A program that stands in for codex may say less about its hooks than codex does, but never that a hook is off.
    private static let required: [(String, JSONValue)] = [("enabled", true), ("trustStatus", "trusted")]

    private static let expectedOfBoth: [(String, JSONValue)] = [
        ("eventName", "preToolUse"), ("source", "sessionFlags"), ("matcher", ".*"),
        ("timeoutSec", .number(JSONNumber(timeoutSeconds))),
    ]

    private var expected: [(String, JSONValue)] {
        Self.expectedOfBoth + [("handlerType", "command"), ("command", .string(command)), ("async", false)]
    }

    private var expectedOfVerifier: [(String, JSONValue)] {
        Self.expectedOfBoth + [
            ("handlerType", "mcpTool"), ("server", .string(verifier)), ("tool", .string(Self.verifierTool)),
        ]
    }

    private static func has(_ key: String, _ hook: JSONValue) -> Bool { hook["key"]?.stringValue == key }
}
