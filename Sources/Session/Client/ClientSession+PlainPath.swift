import JSONRPC
import Policy

/// The plain path: what can be decided by a message's name and id is, and nothing is built for it.
extension ClientSession {
    /// A request that everybody may make, of which nothing has to be read but its name and its
    /// id, and which nothing speaks against. False for every other message, which is read whole and says why not.
    mutating func beginPlainRequest(_ envelope: Envelope, _ bytes: UnsafeRawBufferPointer) -> Bool {
        guard agent != nil, ownCalls.isEmpty, pending.count < limits.requestsInFlight,
            let (method, id) = envelope.plainRequest(in: bytes), policy.plainMethods.contains(method)
        else { return false }
        guard let before = pending.updateValue(.plain, forKey: id) else { return true }
        pending[id] = before
        return false
    }

    /// The answer to such a request. False when it answers something else.
    mutating func endPlainRequest(_ id: RequestID) -> Bool {
        guard let index = pending.index(forKey: id), case .plain = pending[index].value else { return false }
        pending.remove(at: index)
        return true
    }
}
