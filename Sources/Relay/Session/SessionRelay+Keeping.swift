import Logging
public import NIOCore
public import Session

extension SessionRelay {
    /// Whether the session ends with its socket.
    public enum Keeping {
        case withSocket(ReplayBuffer.Limits)
        /// The session lives this long without a socket, and longer while a turn runs or a question waits. `onChange`
        /// is called on the session's event loop.
        case resumable(id: String, ReplayBuffer.Limits, TimeAmount, onChange: @Sendable (KeptChange) -> Void)

        var limits: ReplayBuffer.Limits {
            switch self {
            case .withSocket(let limits), .resumable(_, let limits, _, _): limits
            }
        }

        var isResumable: Bool { if case .resumable = self { true } else { false } }
    }

    public enum KeptChange: Sendable {
        /// The session has no socket. `isBusy`: a turn runs or a question waits.
        case waits(isBusy: Bool)
        /// The session has a socket again.
        case attended
        /// Reported once and last.
        case ended
    }

    /// The socket has closed.
    func clientLeft() {
        client.detach()
        switch keeping {
        case .withSocket: end()
        case .resumable(_, _, let keep, let onChange):
            guard !agent.isClosed else { return }
            onChange(.waits(isBusy: isBusy))
            endUnlessResumed(in: keep)
            updateReading()
        }
    }

    private func endUnlessResumed(in time: TimeAmount) {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        client.setEnding(
            eventLoop.scheduleTask(in: time) {
                let relay = bound.value
                guard relay.client.attachment == nil else { return }
                if relay.isBusy { relay.endUnlessResumed(in: Self.untilNextLook(after: time)) } else { relay.end() }
            })
    }

    /// When to look again at a session that is kept because it is busy. Never at once, which would occupy the event
    /// loop if sessions are kept for no time at all.
    private static func untilNextLook(after time: TimeAmount) -> TimeAmount {
        min(max(time, .seconds(1)), .seconds(60))
    }

    private var isBusy: Bool { session.isTurnRunning || hub.isAsking(session.id) }

    /// Ends the session because its owner has too many sessions without a socket.
    func giveWay() {
        guard client.attachment == nil, !agent.isClosed else { return }
        logger.notice(
            "a session without a client has ended, to make room for another of the same person's",
            metadata: ["session": "\(session.id.value)", "busy": "\(isBusy)"])
        end()
    }
}
