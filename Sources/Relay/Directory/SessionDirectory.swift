public import NIOCore
import Policy
public import Session
import Synchronization

/// The resumable sessions by id. An id alone opens nothing: only the principal that began a session can resume it.
public final class SessionDirectory: Sendable {
    private struct Entry {
        let identity: Principal.Identity
        /// What the session sends depends on it, also what it keeps for its client while no socket is attached.
        let role: Role
        let relay: NIOLoopBound<SessionRelay>
    }

    /// Makes a session on the given event loop. The caller calls ``SessionRelay/begin(_:)``.
    public typealias Factory =
        @Sendable (ClientContext, ClientSession.Dialect, SessionRelay.Keeping, any EventLoop) ->
        SessionRelay

    private struct State {
        var entries: [String: Entry] = [:]
        /// Sessions without a socket, the longest waiting first.
        var waiting: [(id: String, identity: Principal.Identity, isBusy: Bool)] = []

        /// Removes the longest waiting session of `identity`, an idle one if there is one.
        mutating func takeWaiting(of identity: Principal.Identity, but other: String?) -> Entry? {
            func isOwn(_ one: (id: String, identity: Principal.Identity, isBusy: Bool)) -> Bool {
                one.identity == identity && one.id != other
            }
            guard let index = waiting.firstIndex(where: { isOwn($0) && !$0.isBusy }) ?? waiting.firstIndex(where: isOwn)
            else { return nil }
            return entries[waiting.remove(at: index).id]
        }
    }

    private let state = Mutex(State())
    private let numbers = Atomic<UInt64>(0)
    private let makeRelay: Factory
    private let keep: TimeAmount
    private let limits: ReplayBuffer.Limits

    /// `keep` is how long an idle session is kept without a socket.
    public init(keep: TimeAmount, limits: ReplayBuffer.Limits, makeRelay: @escaping Factory) {
        self.keep = keep
        self.limits = limits
        self.makeRelay = makeRelay
    }

    /// Numbers a socket when it is accepted, before its client knows that.
    public func nextNumber() -> UInt64 { numbers.add(1, ordering: .relaxed).newValue }

    /// Attaches a socket to the session that it requests, or to a new one if that has ended or belongs to another
    /// principal; the client cannot tell which. Must be called on the socket's event loop.
    public func attach(
        _ link: any ClientLink, number: UInt64, at request: SessionRequest, client: ClientContext,
        dialect: ClientSession.Dialect,
        on eventLoop: any EventLoop
    ) -> any ClientReceiver {
        if case .resume(let id, let after) = request, let relay = find(id, for: client.principal) {
            if relay.eventLoop === eventLoop {
                return relay.value.attach(link, client: client, number: number, after: after)
            }
            return CrossLoopAttachment(link, on: eventLoop, client: client, number: number, at: relay, after: after)
        }
        guard request != .plain else {
            return makeRelay(client, dialect, .withSocket(limits), eventLoop).begin(link)
        }
        let id = Hub.makeID()
        let relay = makeRelay(
            client, dialect,
            .resumable(id: id, limits, keep) { [weak self] in self?.changed(id, $0, client.principal) },
            eventLoop)
        let bound = NIOLoopBound(relay, eventLoop: eventLoop)
        state.withLock {
            $0.entries[id] = Entry(
                identity: client.principal.identity, role: client.principal.role, relay: bound)
        }
        return relay.begin(link)
    }

    /// Returns when no session has a running turn, or when the time for that is over.
    public func drain() async {
        let relays = state.withLock { $0.entries.values.map(\.relay) }
        let drained = relays.map { relay in relay.eventLoop.flatSubmit { relay.value.drained() } }
        for future in drained { try? await future.get() }
    }

    public var count: Int { state.withLock { $0.entries.count } }

    /// Maximum numbers of sessions without a socket.
    public struct Capacity: Sendable {
        let inAll: Int
        let ofOne: Int

        /// `ofOne`: of the principal that opens a socket.
        public init(inAll: Int, ofOne: Int) { (self.inAll, self.ofOne) = (inAll, ofOne) }
    }

    /// Called before a socket is accepted. Ends sessions without a socket that exceed `capacity`, only those of
    /// `principal`: the longest waiting first, those with a running turn or an open question last. Returns false if
    /// other principals have too many. The session that the socket requests does not count.
    public func makeRoom(_ capacity: Capacity, for principal: Principal, at request: SessionRequest) -> Bool {
        let wanted: String? = if case .resume(let id, _) = request { id } else { nil }
        let (ended, hasRoom) = state.withLock { state -> ([Entry], Bool) in
            let isWanted = state.waiting.contains { $0.id == wanted && $0.identity == principal.identity }
            func waitingInAll() -> Int { state.waiting.count - (isWanted ? 1 : 0) }
            func waitingOfOne() -> Int {
                state.waiting.count { $0.identity == principal.identity } - (isWanted ? 1 : 0)
            }
            var ended: [Entry] = []
            while waitingInAll() > max(0, capacity.inAll) || waitingOfOne() > max(0, capacity.ofOne),
                let entry = state.takeWaiting(of: principal.identity, but: wanted)
            {
                ended.append(entry)
            }
            return (ended, waitingInAll() <= max(0, capacity.inAll))
        }
        for entry in ended {
            let relay = entry.relay
            relay.eventLoop.execute { relay.value.giveWay() }
        }
        return hasRoom
    }

    /// nil also if the person has another role by now: what was kept for the former one may not be shown to this one.
    private func find(_ id: String, for principal: Principal) -> NIOLoopBound<SessionRelay>? {
        let entry = state.withLock { state in
            state.entries[id].flatMap { $0.identity == principal.identity ? $0 : nil }
        }
        guard let entry, entry.role != principal.role else { return entry?.relay }
        let relay = entry.relay
        relay.eventLoop.execute { relay.value.giveWay() }
        return nil
    }

    private func changed(_ id: String, _ change: SessionRelay.KeptChange, _ principal: Principal) {
        state.withLock { state in
            state.waiting.removeAll { $0.id == id }
            switch change {
            case .waits(let isBusy): state.waiting.append((id, principal.identity, isBusy))
            case .attended: break
            case .ended: state.entries[id] = nil
            }
        }
    }
}
