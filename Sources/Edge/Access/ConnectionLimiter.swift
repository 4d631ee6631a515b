import NIOCore
import Synchronization

/// Limits connections that are not WebSockets, in total and per peer address. At a limit, it closes the connection that
/// has been idle too long, so a client that holds many connections keeps no other client out, even behind the same
/// address.
final class ConnectionLimiter: Sendable {
    fileprivate struct Connection {
        let peer: String
        let close: @Sendable () -> Void
        var isBusy = false
        /// When the connection last became busy or idle.
        var since: NIODeadline
    }

    fileprivate struct State {
        var next: UInt64 = 0
        var open: [UInt64: Connection] = [:]
        var byPeer: [String: Int] = [:]
    }

    /// An idle connection keeps its place for ``idlePatience``, one with an unanswered request for ``busyPatience``.
    static let idlePatience = TimeAmount.seconds(2)
    static let busyPatience = TimeAmount.seconds(10)

    let limit: Int
    let limitPerPeer: Int
    private let isProxy: @Sendable (String) -> Bool
    private let state = Mutex(State())

    /// The limits follow those for WebSockets, within bounds: a page needs a handful of connections, and a thousand
    /// reconnecting clients open plain connections first. `isProxy` says whether an address carries many users; only
    /// the total limit applies to it.
    init(maximumSockets: Int, maximumSocketsPerAddress: Int, isProxy: @escaping @Sendable (String) -> Bool) {
        limit = min(max(maximumSockets, 64), 2_048)
        limitPerPeer = min(max(maximumSocketsPerAddress, 64), 1_024)
        self.isProxy = isProxy
    }

    var count: Int { state.withLock { $0.open.count } }

    /// Calls `close`, on any thread, when the connection must give up its place. The caller returns each place with
    /// ``release(_:)``. Throws 429 or 503.
    func take(_ peer: String, now: NIODeadline = .now(), close: @escaping @Sendable () -> Void)
        throws(AccessRefusal) -> UInt64
    {
        let isProxy = isProxy(peer)
        let (result, closing) = state.withLock { state -> (Result<UInt64, AccessRefusal>, (@Sendable () -> Void)?) in
            var closing: (@Sendable () -> Void)?
            if !isProxy, state.byPeer[peer, default: 0] >= limitPerPeer {
                guard let stale = state.stalest(of: peer, now) else { return (.failure(Self.tooManyOfPeer), nil) }
                closing = state.remove(stale)
            } else if state.open.count >= limit {
                guard let stale = state.stalest(of: nil, now) else { return (.failure(Self.tooMany), nil) }
                closing = state.remove(stale)
            }
            state.next += 1
            state.open[state.next] = Connection(peer: peer, close: close, since: now)
            state.byPeer[peer, default: 0] += 1
            return (.success(state.next), closing)
        }
        closing?()
        return try result.get()
    }

    func set(_ id: UInt64, isBusy: Bool, now: NIODeadline = .now()) {
        state.withLock { state in
            state.open[id]?.isBusy = isBusy
            state.open[id]?.since = now
        }
    }

    func release(_ id: UInt64) { state.withLock { _ = $0.remove(id) } }

    private static let tooManyOfPeer = AccessRefusal(
        status: 429, message: "Too many connections are open from your address.")
    private static let tooMany = AccessRefusal(status: 503, message: "Too many connections are open.")
}

extension ConnectionLimiter.State {
    /// The connection to close: one of this peer's, or else one of the peer that has the most.
    fileprivate func stalest(of peer: String?, _ now: NIODeadline) -> UInt64? {
        let stale = open.filter { _, connection in
            let patience =
                connection.isBusy ? ConnectionLimiter.busyPatience : ConnectionLimiter.idlePatience
            return (peer == nil || connection.peer == peer) && now - connection.since >= patience
        }
        return stale.min { left, right in
            let (ofLeft, ofRight) = (byPeer[left.value.peer, default: 0], byPeer[right.value.peer, default: 0])
            return ofLeft != ofRight ? ofLeft > ofRight : left.value.since < right.value.since
        }?.key
    }

    fileprivate mutating func remove(_ id: UInt64) -> (@Sendable () -> Void)? {
        guard let connection = open.removeValue(forKey: id) else { return nil }
        let left = byPeer[connection.peer, default: 0] - 1
        byPeer[connection.peer] = left > 0 ? left : nil
        return connection.close
    }
}
