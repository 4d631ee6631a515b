import Synchronization

/// Limits open WebSockets, in total and per client address.
final class SocketLimiter: Sendable {
    private struct State {
        var total = 0
        var byAddress: [String: Int] = [:]
        /// Finished when no socket is open.
        var closed: AsyncStream<Never>.Continuation?
    }

    let limit: Int
    let limitPerAddress: Int
    private let state = Mutex(State())

    init(limit: Int, limitPerAddress: Int) {
        self.limit = limit
        self.limitPerAddress = limitPerAddress
    }

    var count: Int { state.withLock { $0.total } }

    /// How many more sockets may be open, in total and from this address.
    func left(_ address: String) -> (inAll: Int, ofAddress: Int) {
        state.withLock { (limit - $0.total, limitPerAddress - $0.byAddress[address, default: 0]) }
    }

    /// The caller returns each place with ``release(_:)``.
    func take(_ address: String) throws(AccessRefusal) {
        let refusal = state.withLock { state -> AccessRefusal? in
            guard state.total < limit else {
                return .init(status: 503, message: "\(limit) sockets are open, which is the limit.")
            }
            guard state.byAddress[address, default: 0] < limitPerAddress else {
                return .init(status: 429, message: "\(limitPerAddress) sockets are open from your address already.")
            }
            state.total += 1
            state.byAddress[address, default: 0] += 1
            return nil
        }
        if let refusal { throw refusal }
    }

    func release(_ address: String) {
        state.withLock { state in
            state.total -= 1
            let left = state.byAddress[address, default: 0] - 1
            state.byAddress[address] = left > 0 ? left : nil
            if state.total == 0 { state.closed?.finish() }
        }
    }

    /// Returns when no socket is open, or on cancellation. Supports one waiter: the server's shutdown.
    func allClosed() async {
        let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
        state.withLock { state in
            if state.total == 0 { continuation.finish() } else { state.closed = continuation }
        }
        for await _ in stream {}
    }
}
