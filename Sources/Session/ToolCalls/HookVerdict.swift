public import JSON

/// What the gate tells the waiting hook.
public enum HookVerdict: Sendable, Hashable {
    /// Returns `toolInput` to codex as it was shown: otherwise another hook of the user's could replace the approved
    /// command.
    case allow(toolInput: JSONValue)
    /// `reason` goes to the agent. Never empty: codex lets a call without a reason run.
    case deny(reason: String)

    /// The line sent over the gate's socket, without its newline.
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
