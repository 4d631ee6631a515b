/// Messages that the server may not have got yet, in their order: they are sent again over the next socket.
struct UnacknowledgedMessages<Message: Sendable>: Sendable {
    private var messages: [(message: Message, size: Int)] = []
    /// Of `messages`, these have been confirmed; they go when there are many.
    private var first = 0
    /// How many messages the server is known to have.
    private(set) var confirmed: UInt64 = 0
    private(set) var byteCount = 0

    /// How many messages there have been.
    var total: UInt64 { confirmed + UInt64(count) }
    var count: Int { messages.count - first }

    mutating func append(_ message: Message, size: Int) {
        messages.append((message, size))
        byteCount += size
    }

    /// The server has the first `count` messages of all. False when it cannot.
    mutating func confirm(_ count: UInt64) -> Bool {
        guard count <= total else { return false }
        while confirmed < count {
            byteCount -= messages[first].size
            first += 1
            confirmed += 1
        }
        if first == messages.count || first > 1_024 {
            messages.removeFirst(first)
            first = 0
        }
        return true
    }

    var unconfirmed: [Message] { messages[first...].map(\.message) }
}
