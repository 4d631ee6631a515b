import NIOCore
import Session

/// A session's connection to its agent: one agent after another.
///
/// A state machine. ``SessionRelay`` calls it and performs what follows.
struct AgentConnection {
    enum State {
        /// → `attached` or `absent`. The client's messages wait, so a fast client does not have to. `timeout` ends the
        /// wait.
        case connecting(waiting: [ByteBuffer], timeout: Scheduled<Void>?)
        /// → `absent` when the agent ends.
        case attached(any AgentLink, Life)
        /// → `attached` when the next agent is there. The client has been told that the agent is gone. Its requests
        /// are answered with an error.
        case absent
        /// The session has ended. Final.
        case closed
    }

    /// An object, so that reading the state for a message copies no more than two references.
    final class Life {
        fileprivate let began: NIODeadline
        /// The client was told that an agent was gone, but not yet that this one is ready.
        fileprivate var owesReady: Bool
        fileprivate var tick: NIOScheduledCallback?

        fileprivate init(began: NIODeadline, owesReady: Bool) {
            self.began = began
            self.owesReady = owesReady
        }
    }

    /// What ``attach(_:at:)`` leaves to do.
    struct Start {
        /// The client's messages that waited for the agent, in order.
        let waiting: [ByteBuffer]
        /// The client was told that an earlier agent was gone.
        let isBack: Bool
    }

    /// After at least this long, the end of an agent does not delay the next one.
    static let healthyLife: TimeAmount = .seconds(60)

    private(set) var state: State = .connecting(waiting: [], timeout: nil)
    /// Consecutive agents that ended before ``healthyLife``.
    private var shortLives = 0
    private var heartbeat = Heartbeat()

    var link: (any AgentLink)? { if case .attached(let link, _) = state { link } else { nil } }
    var isAttached: Bool { if case .attached = state { true } else { false } }
    var isAbsent: Bool { if case .absent = state { true } else { false } }
    var isClosed: Bool { if case .closed = state { true } else { false } }

    // MARK: Waiting for the first agent

    /// Keeps a message until the agent is there. Returns how many wait. Does nothing and returns 0 in other states.
    mutating func hold(_ message: ByteBuffer) -> Int {
        guard case .connecting(var waiting, let timeout) = state else { return 0 }
        state = .closed  // releases the other reference, so the append happens in place
        waiting.append(message)
        state = .connecting(waiting: waiting, timeout: timeout)
        return waiting.count
    }

    mutating func setTimeout(_ timeout: Scheduled<Void>) {
        guard case .connecting(let waiting, _) = state else { return timeout.cancel() }
        state = .connecting(waiting: waiting, timeout: timeout)
    }

    /// Returns the messages that waited; nil if the session was not waiting for its first agent.
    mutating func giveUpWaiting() -> [ByteBuffer]? {
        guard case .connecting(let waiting, let timeout) = state else { return nil }
        timeout?.cancel()
        state = .absent
        return waiting
    }

    // MARK: One agent after another

    /// Returns nil if the session has an agent or has ended: the caller closes `link`.
    mutating func attach(_ link: any AgentLink, at time: NIODeadline) -> Start? {
        let start: Start
        switch state {
        case .connecting(let waiting, let timeout):
            timeout?.cancel()
            start = Start(waiting: waiting, isBack: false)
        case .absent: start = Start(waiting: [], isBack: true)
        case .attached, .closed: return nil
        }
        heartbeat = Heartbeat()
        state = .attached(link, Life(began: time, owesReady: start.isBack))
        return start
    }

    /// Returns whether the client must now be told that the agent is ready.
    mutating func takeReady() -> Bool {
        guard case .attached(_, let life) = state, life.owesReady else { return false }
        life.owesReady = false
        return true
    }

    /// The agent, or the connection to it, is gone. Returns its link; nil if there was none.
    mutating func lose(at time: NIODeadline) -> (any AgentLink)? {
        guard case .attached(let link, let life) = state else { return nil }
        life.tick?.cancel()
        shortLives = time - life.began >= Self.healthyLife ? 0 : shortLives + 1
        state = .absent
        return link
    }

    /// How long to wait before asking for the next agent: not at all the first time, then 0.25 s, doubling to 30 s. An
    /// agent that exits during start-up is not restarted in a tight loop.
    var reconnectDelay: TimeAmount {
        .milliseconds(shortLives < 2 ? 0 : min(Int64(250) << min(shortLives - 2, 10), 30_000))
    }

    /// The session ends. Returns the link to close.
    mutating func close() -> (any AgentLink)? {
        defer { state = .closed }
        switch state {
        case .connecting(_, let timeout): timeout?.cancel()
        case .attached(let link, let life):
            life.tick?.cancel()
            return link
        case .absent, .closed: break
        }
        return nil
    }

    // MARK: Heartbeat

    mutating func heard() { heartbeat.heard() }

    mutating func tick(isExpecting: Bool) -> Heartbeat.Step { heartbeat.tick(isExpecting: isExpecting) }

    /// The next tick; it is cancelled when the agent is lost.
    mutating func setTick(_ tick: NIOScheduledCallback?) {
        guard case .attached(_, let life) = state else {
            tick?.cancel()
            return
        }
        life.tick = tick
    }
}
