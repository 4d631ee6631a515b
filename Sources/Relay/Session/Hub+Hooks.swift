public import Session

/// Hooks and their verdicts.
extension Hub {
    /// A hook asks about a tool call. `answer` is called exactly once, on any thread, unless ``hookGone(_:)`` is
    /// called first.
    public func hookAsked(_ input: HookInput, answer: @escaping @Sendable (HookVerdict) -> Void) -> HookTicket {
        var ticket = HookTicket(0)
        change { state, now in
            state.ticketCount += 1
            ticket = HookTicket(state.ticketCount)
            state.hooks[ticket] = answer
            return state.coordinator.hookAsked(input, ticket: ticket, now: now)
        }
        return ticket
    }

    /// The hook's process has ended without its answer.
    public func hookGone(_ ticket: HookTicket) {
        change { state, now in
            state.hooks[ticket] = nil
            return state.coordinator.hookGone(ticket, now: now)
        }
    }
}
