public import JSON

/// What the gate tells the hook that waits.
public enum HookVerdict: Sendable, Hashable {
    /// `toolInput` is handed back to codex as it was shown: another hook of the user's could otherwise put a
    /// different command in the place of the one that was approved.
    case allow(toolInput: JSONValue)
    /// `reason` is what the agent is told. Never empty: codex lets a call without a reason run.
    case deny(reason: String)

    /// The line that travels over the gate's socket, without its newline.
    public var json: JSONValue {
        switch self {
        case .allow(let toolInput):
            [
                "hookSpecificOutput": [
                    "hookEventName": "PreToolUse", "permissionDecision": "allow", "updatedInput": toolInput,
                ]
            ]
        case .deny(let reason):
            [
                "hookSpecificOutput": [
                    "hookEventName": "PreToolUse", "permissionDecision": "deny",
                    "permissionDecisionReason": .string(reason.isEmpty ? "Declined." : reason),
                ]
            ]
        }
    }
}
