/// Messages that the server may not have received yet, in order. They are sent again over the next socket.
struct UnacknowledgedMessages<Message: Sendable>: Sendable {
    private var messages: [(message: Message, size: Int)] = []
    /// How many of `messages` are confirmed. They are removed in bulk.
    private var first = 0
    /// How many messages the server has confirmed.
    private(set) var confirmed: UInt64 = 0
    private(set) var byteCount = 0

    /// How many messages there have been in total.
    var total: UInt64 { confirmed + UInt64(count) }
    var count: Int { messages.count - first }

    mutating func append(_ message: Message, size: Int) {
        messages.append((message, size))
        byteCount += size
    }

    /// The server has the first `count` messages. False if fewer were ever sent.
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
