public import AuditRecord
public import ExecGate
public import JSON
public import Logging
public import PrometheusMetrics
public import NIOCore
public import Session
import Synchronization

/// Where sessions meet: keeps the ``ThreadCoordinator`` behind one lock and carries its effects to whom they concern.
///
/// Not on the plain path: a message that only passes through never comes here.
public final class Hub: Sendable {
    private struct State {
        var coordinator: ThreadCoordinator
        var relays: [SessionID: NIOLoopBound<SessionRelay>] = [:]
        var hooks: [HookTicket: @Sendable (HookVerdict) -> Void] = [:]
        var onWaiting: (@Sendable (Approval) -> Void)?
        var sessionCount: UInt64 = 0
        var ticketCount: UInt64 = 0
    }

    private let state: Mutex<State>
    private let timers: any EventLoop
    private let recorder: any AuditRecorder
    private let starts: any StartGrants
    private let threads: any ThreadStore
    public let viewerMask: ViewerMask
    /// From reading a batch of the agent's messages to having written it to the client's socket.
    public let relayLatency = Histogram(bounds: [0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.005, 0.025, 0.1, 1])
    let flushCoalescers: FlushCoalescers
    let logger: Logger

    /// `timers` is the event loop on which approvals expire. `onMessages` is called with the time, on any event loop, when
    /// messages are carried; it must return at once.
    public init(
        approvalTimeout: Duration?, policy: ServerPolicy, recorder: any AuditRecorder, starts: any StartGrants,
        threads: any ThreadStore, kept: KeptThreads,
        viewerMask: ViewerMask, timers: any EventLoop, logger: Logger,
        onMessages: (@Sendable (NIODeadline) -> Void)? = nil
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
        self.timers = timers
        self.logger = logger
    }

    /// The time by which the record and threads' ids are counted.
    public static var now: Milliseconds { WallClock.now }

    /// 128 random bits as text.
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

    /// `observer` is called for each question that begins to wait, on any thread; it must return at once.
    public func onWaiting(_ observer: @escaping @Sendable (Approval) -> Void) {
        state.withLock { $0.onWaiting = observer }
    }

    public func isOpen(_ id: String) -> Bool { state.withLock { $0.coordinator.isOpen(id) } }

    public var sessionCount: Int { state.withLock { $0.relays.count } }
    public var threadCount: Int { state.withLock { $0.coordinator.threadCount } }
    public var waiting: [Approval] { state.withLock { $0.coordinator.waiting } }
    public var someThreadHasNetwork: Bool { state.withLock { $0.coordinator.someThreadHasNetwork } }

    /// What holds for sessions from now on, those that are open included.
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

    /// Puts a row into the record, with the present time. Never waits for the disk.
    public func note(_ entry: AuditEntry) {
        var entry = entry
        entry.at = WallClock.now
        recorder.note(entry)
    }

    public static let signedOutReason = "This sign-in has ended: signed out, revoked or expired."

    /// Closes the sockets of whoever may not be here any more.
    public func signOut(_ reason: String, where isOut: @escaping @Sendable (ClientContext) -> Bool) {
        state.withLock { state in
            for relay in state.relays.values {
                relay.eventLoop.execute {
                    if isOut(relay.value.session.client) { relay.value.signedOut(reason) }
                }
            }
        }
    }

    func isAsking(_ session: SessionID) -> Bool { state.withLock { $0.coordinator.isAsking(session) } }

    public func knownMode(of threadID: String) -> ThreadMode? {
        state.withLock { $0.coordinator.knownMode(of: threadID) }
    }

    public func knownPlace(of threadID: String) -> ThreadPlace? {
        state.withLock { $0.coordinator.knownPlace(of: threadID) }
    }

    // MARK: Sessions

    func opened(_ id: SessionID, _ relay: NIOLoopBound<SessionRelay>) {
        change { state, _ in
            state.relays[id] = relay
            return state.coordinator.opened(id)
        }
    }

    func closed(_ id: SessionID) {
        change { state, _ in
            state.relays[id] = nil
            return state.coordinator.closed(id)
        }
    }

    /// Runs one event through the coordinator and performs its effects.
    func event(_ body: (inout ThreadCoordinator, Milliseconds) -> [ThreadCoordinator.Effect]) {
        change { state, now in body(&state.coordinator, now) }
    }

    public func notifyAllSessions(_ method: String, _ params: JSONValue) {
        event { coordinator, _ in coordinator.notifyAllSessions(method, params) }
    }

    public func notifySubscribers(_ threadID: String, _ method: String, _ params: JSONValue) {
        event { coordinator, _ in coordinator.notifySubscribers(of: threadID, method, params) }
    }

    /// A client starts something itself.
    func allowStart(_ grant: StartGrant) { starts.allow(grant) }

    func itemCompleted(_ item: CompletedItem) {
        event { [starts] coordinator, now in
            coordinator.itemCompleted(
                item, started: starts.takeStarted(thread: item.threadID, call: item.itemID), now: now)
        }
    }

    func turnCompleted(_ turnID: String, inThread threadID: String, status: String?) {
        event { [starts] coordinator, now in
            let unreported = coordinator.unreported(inTurn: turnID, ofThread: threadID).flatMap { callID in
                starts.takeStarted(thread: threadID, call: callID).map {
                    coordinator.ranUnreported(callID, inThread: threadID, started: $0, now: now)
                } ?? []
            }
            return unreported + coordinator.turnCompleted(turnID, inThread: threadID, status: status, now: now)
        }
    }

    /// The kernel has stopped a program.
    public func startStopped(_ refusal: ExecGate.Refusal) {
        event { coordinator, now in coordinator.startStopped(refusal, now: now) }
    }

    public func agentEnded(_ agent: AgentID) {
        event { coordinator, now in coordinator.agentEnded(agent, now: now) }
    }

    // MARK: Hooks

    /// A hook asks. `answer` is called exactly once, on any thread, unless ``hookGone(_:)`` comes first.
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

    /// The hook's process went away before it had its answer.
    public func hookGone(_ ticket: HookTicket) {
        change { state, now in
            state.hooks[ticket] = nil
            return state.coordinator.hookGone(ticket, now: now)
        }
    }

    // MARK: Effects

    /// Invariant: effects reach each session in the order in which the coordinator decided them, so that nobody hears
    /// of an answer before the question. Hence they are put on the sessions' event loops while the lock is held.
    private func change(_ body: (inout State, Milliseconds) -> [ThreadCoordinator.Effect]) {
        let now = WallClock.now
        let afterwards: [@Sendable () -> Void] = state.withLock { state in
            let effects = body(&state, now)
            // Under the lock, so that rows stand in the record in the order in which things happened.
            for entry in state.coordinator.takeNotes() { recorder.note(entry) }
            return effects.compactMap { effect in
                switch effect {
                case .record(let entry, let pending):
                    // The recorder may answer from within this call, where the lock is held.
                    recorder.write(entry) { [weak self, timers] failure in
                        timers.execute { [weak self] in
                            self?.event { coordinator, now in
                                coordinator.recorded(pending, failure: failure?.description, now: now)
                            }
                        }
                    }
                    return nil
                case .show(_, let session), .notify(let session, _, _), .respond(let session, _, _, _),
                    .interrupt(let session, _):
                    guard let relay = state.relays[session] else { return nil }
                    relay.eventLoop.execute { relay.value.perform(effect) }
                    return nil
                case .keep(let thread, let threadID):
                    threads.keep(thread, id: threadID)
                    return nil
                case .allowStart(let grant):
                    starts.allow(grant)
                    return nil
                case .revokeStart(let threadID, let callID):
                    starts.revoke(thread: threadID, call: callID)
                    return nil
                case .revokeStarts(let turnID):
                    starts.revoke(turn: turnID)
                    return nil
                case .limitStarts(let threadID):
                    starts.limit(thread: threadID)
                    return nil
                case .revokePatch(let threadID, let turnID, let callID):
                    starts.revokePatch(thread: threadID, turn: turnID, call: callID)
                    return nil
                case .decide(let ticket, let verdict):
                    guard let answer = state.hooks.removeValue(forKey: ticket) else { return nil }
                    return { answer(verdict) }
                case .announce(let approval):
                    guard let onWaiting = state.onWaiting else { return nil }
                    return { onWaiting(approval) }
                case .expire(let id, let at):
                    return { [weak self] in self?.scheduleExpiry(of: id, in: at - now) }
                }
            }
        }
        afterwards.forEach { $0() }
    }

    private func scheduleExpiry(of id: String, in delay: Milliseconds) {
        timers.scheduleTask(in: .milliseconds(max(0, delay))) { [weak self] in
            self?.event { coordinator, now in coordinator.expire(id, now: now) }
        }
    }
}
