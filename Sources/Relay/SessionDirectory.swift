public import NIOCore
public import Session
import Synchronization

/// The sessions that can be resumed, by their ids. An id opens nothing by itself: who asks must be who began it.
public final class SessionDirectory: Sendable {
    private struct Entry {
        let identity: Actor.Identity
        let relay: NIOLoopBound<SessionRelay>
    }

    /// Makes a session on the given event loop, for ``SessionRelay/begin(_:)``.
    public typealias Factory =
        @Sendable (Caller, ClientSession.Dialect, SessionRelay.Keeping, any EventLoop) ->
        SessionRelay

    private let entries = Mutex<[String: Entry]>([:])
    private let numbers = Atomic<UInt64>(0)
    private let makeRelay: Factory
    private let keep: TimeAmount
    private let limits: Outbox.Limits

    /// `keep` is how long a session waits without a socket.
    public init(keep: TimeAmount, limits: Outbox.Limits, makeRelay: @escaping Factory) {
        self.keep = keep
        self.limits = limits
        self.makeRelay = makeRelay
    }

    /// Sockets are numbered when they are let in, before their client hears of it.
    public func nextNumber() -> UInt64 { numbers.add(1, ordering: .relaxed).newValue }

    /// Gives a socket the session that it asks for, or a new one where that has ended or is somebody else's: nobody
    /// learns which. Must be called on the socket's event loop.
    public func seat(
        _ link: any ClientLink, number: UInt64, at request: SessionRequest, caller: Caller,
        dialect: ClientSession.Dialect,
        on eventLoop: any EventLoop
    ) -> any ClientReceiver {
        if case .resume(let id, let after) = request, let relay = find(id, for: caller.actor) {
            if relay.eventLoop === eventLoop {
                return relay.value.attach(link, caller: caller, number: number, after: after)
            }
            return RemoteSeat(link, on: eventLoop, caller: caller, number: number, at: relay, after: after)
        }
        guard request != .plain else {
            return makeRelay(caller, dialect, .withSocket(limits), eventLoop).begin(link)
        }
        let id = Hub.makeID()
        let relay = makeRelay(
            caller, dialect, .resumable(id: id, limits, keep, onEnd: { [weak self] in self?.remove(id) }), eventLoop)
        let bound = NIOLoopBound(relay, eventLoop: eventLoop)
        entries.withLock { $0[id] = Entry(identity: caller.actor.identity, relay: bound) }
        return relay.begin(link)
    }

    /// Returns when no session has a turn running any more, or the time for that is over.
    public func drain() async {
        let relays = entries.withLock { $0.values.map(\.relay) }
        let drained = relays.map { relay in relay.eventLoop.flatSubmit { relay.value.drained() } }
        for future in drained { try? await future.get() }
    }

    public var count: Int { entries.withLock { $0.count } }

    private func find(_ id: String, for actor: Actor) -> NIOLoopBound<SessionRelay>? {
        entries.withLock { entries in
            entries[id].flatMap { $0.identity == actor.identity ? $0.relay : nil }
        }
    }

    private func remove(_ id: String) {
        _ = entries.withLock { $0.removeValue(forKey: id) }
    }
}
