import JSON

/// The sandbox as codex describes it to the model, in a developer message that every conversation has.
struct Permissions: Sendable, Hashable {
    /// True unless codex says that there is no sandbox.
    let isSandboxed: Bool
    /// Whether the model may ask to run a command outside the sandbox. False if no person would be asked.
    let mayEscalate: Bool

    init(isSandboxed: Bool, mayEscalate: Bool) {
        self.isSandboxed = isSandboxed
        self.mayEscalate = mayEscalate
    }

    /// Without such a message: sandboxed, and no escalation.
    init(items: [JSONValue]) {
        let text = items.reversed().lazy
            .filter { $0["role"]?.stringValue == "developer" }
            .flatMap { ($0["content"]?.arrayValue ?? []).reversed() }
            .compactMap { $0["text"]?.stringValue }
            .first { $0.contains("<permissions instructions>") }
        isSandboxed = text.map { !$0.contains("`sandbox_mode` is `danger-full-access`") } ?? true
        mayEscalate = text.map { $0.contains("require_escalated") } ?? false
    }
}
