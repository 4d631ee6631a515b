import JSONRPC
import Policy

/// The plain path: decides a message by its method name and id where that is enough, and builds nothing for it.
extension ClientSession {
    /// Takes a request that every role may make, that needs nothing read but its method name and id, and that is not
    /// refused. Returns false for every other message; the full path reads that one and reports why it is refused.
    mutating func beginPlainRequest(_ envelope: Envelope, _ bytes: UnsafeRawBufferPointer) -> Bool {
        guard agent != nil, ownCalls.isEmpty, pending.count < limits.requestsInFlight,
            let (method, id) = envelope.plainRequest(in: bytes), policy.plainMethods.contains(method)
        else { return false }
        guard let before = pending.updateValue(.plain, forKey: id) else { return true }
        pending[id] = before
        return false
    }

    /// Takes the answer to such a request. Returns false if it answers something else.
    mutating func endPlainRequest(_ id: RequestID) -> Bool {
        guard let index = pending.index(forKey: id), case .plain = pending[index].value else { return false }
        pending.remove(at: index)
        return true
    }
}
