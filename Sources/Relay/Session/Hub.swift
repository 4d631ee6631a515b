public import AuditRecord
public import Logging
public import PrometheusMetrics
public import NIOCore
public import Session
import Synchronization

/// Connects the sessions: keeps the ``ThreadCoordinator`` behind one lock and performs its effects.
///
/// Not on the plain path: a message that only passes through never gets here.
public final class Hub: Sendable {
    struct State {
        var coordinator: ThreadCoordinator
        var relays: [SessionID: NIOLoopBound<SessionRelay>] = [:]
        var hooks: [HookTicket: @Sendable (HookVerdict) -> Void] = [:]
        var sessionCount: UInt64 = 0
        var ticketCount: UInt64 = 0
    }

    let state: Mutex<State>
    let timers: any EventLoop
    let recorder: any AuditRecorder
    let starts: any StartGrants
    let threads: any ThreadStore
    public let viewerMask: ViewerMask
    /// Seconds from reading a batch of agent messages to having written it to the client's socket.
    public let relayLatency = Histogram(bounds: [0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.005, 0.025, 0.1, 1])
    let flushCoalescers: FlushCoalescers
    let onWaiting: (@Sendable (Approval) -> Void)?
    let logger: Logger

    /// Approvals expire on the event loop `timers`. `onMessages` is called with the time, on any event loop, when a
    /// batch of messages begins. `onWaiting` is called for each question that begins to wait, on any thread. Both must
    /// return at once.
    public init(
        approvalTimeout: Duration?, policy: ServerPolicy, recorder: any AuditRecorder, starts: any StartGrants,
        threads: any ThreadStore, kept: KeptThreads,
        viewerMask: ViewerMask, timers: any EventLoop, logger: Logger,
        onMessages: (@Sendable (NIODeadline) -> Void)? = nil, onWaiting: (@Sendable (Approval) -> Void)? = nil
    ) {
        let milliseconds = approvalTimeout.map { Milliseconds($0 / .milliseconds(1)) }
        state = Mutex(
            State(
                coordinator: ThreadCoordinator(
                    approvalTimeout: milliseconds, policy: policy, kept: kept, makeID: Self.makeID)))
        self.recorder = recorder
        self.starts = starts
        self.threads = threads
        self.viewerMask = viewerMask
        flushCoalescers = FlushCoalescers(latency: relayLatency, onMessages: onMessages)
        self.onWaiting = onWaiting
        self.timers = timers
        self.logger = logger
    }

    /// 128 random bits as 32 hexadecimal digits.
    public static func makeID() -> String {
        var generator = SystemRandomNumberGenerator()
        func hex() -> String {
            let digits = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        return hex() + hex()
    }

    public func newSessionID() -> SessionID {
        state.withLock {
            $0.sessionCount += 1
            return SessionID($0.sessionCount)
        }
    }

    public func isOpen(_ id: String) -> Bool { state.withLock { $0.coordinator.isOpen(id) } }

    public var sessionCount: Int { state.withLock { $0.relays.count } }
    public var threadCount: Int { state.withLock { $0.coordinator.threadCount } }
    public var waiting: [Approval] { state.withLock { $0.coordinator.waiting } }
    public var someThreadHasNetwork: Bool { state.withLock { $0.coordinator.someThreadHasNetwork } }

    /// Applies to all sessions, including those that are open.
    public var policy: ServerPolicy {
        get { state.withLock { $0.coordinator.policy } }
        set {
            state.withLock { state in
                state.coordinator.policy = newValue
                for relay in state.relays.values {
                    relay.eventLoop.execute { relay.value.session.policy = newValue }
                }
            }
        }
    }

    /// Adds a row with the current time to the record. Never waits for the disk.
    public func note(_ entry: AuditEntry) {
        var entry = entry
        entry.at = WallClock.now
        recorder.note(entry)
    }

    public static let signedOutReason = "This sign-in has ended: signed out, revoked or expired."

    /// Closes the sockets of all sessions for whose client `isOut` returns true, and ends these clients' standing
    /// approvals. Calls it on any event loop.
    public func signOut(_ reason: String, where isOut: @escaping @Sendable (ClientContext) -> Bool) {
        state.withLock { state in
            state.coordinator.endStandingApprovals(where: isOut)
            for relay in state.relays.values {
                relay.eventLoop.execute {
                    guard isOut(relay.value.session.client) else { return }
                    relay.value.signedOut(reason)
                    // An answer may have been read meanwhile.
                    self.state.withLock { $0.coordinator.endStandingApprovals(where: isOut) }
                }
            }
        }
    }

    func isAsking(_ session: SessionID) -> Bool { state.withLock { $0.coordinator.isAsking(session) } }

    public func knownMode(of threadID: String) -> ThreadMode? {
        state.withLock { $0.coordinator.knownMode(of: threadID) }
    }

    /// Who sent the message that the agent reports as this item.
    public func author(ofItem itemID: String, inThread threadID: String, _ message: UserMessage) -> Author? {
        state.withLock { $0.coordinator.author(ofItem: itemID, inThread: threadID, message) }
    }

    /// Why the audit log cannot be written at the moment; nil while it can.
    public var recordFailure: String? { recorder.failure }

    public func storedThread(_ threadID: String) -> KeptThread {
        state.withLock { $0.coordinator.storedThread(threadID) }
    }
}
