import Synchronization

/// Limits the memory that incomplete messages take: one principal may hold the beginnings of so many bytes over all its
/// sockets, and all principals together four times as much.
final class UnfinishedMessages: Sendable {
    private struct Counts {
        var total = 0
        var ofPrincipals: [String: Int] = [:]
    }

    /// In bytes, for one principal.
    let limit: Int
    private let counts = Mutex(Counts())

    init(limit: Int) { self.limit = limit }

    /// The part of one socket. Used on the socket's event loop only.
    struct Share {
        private let messages: UnfinishedMessages
        private let principal: String
        private var bytes = 0
        /// Less is not counted, so that ordinary messages cost nothing.
        private static let threshold = 64 << 10

        init(_ messages: UnfinishedMessages, principal: String) {
            self.messages = messages
            self.principal = principal
        }

        /// Sets how many bytes the socket's incomplete message has. Returns false if that is too many.
        mutating func hold(_ count: Int) -> Bool {
            let counted = count > Self.threshold ? count : 0
            guard counted != bytes else { return true }
            defer { bytes = counted }
            return messages.change(principal, by: counted - bytes)
        }
    }

    private func change(_ principal: String, by difference: Int) -> Bool {
        counts.withLock { counts in
            counts.total += difference
            let own = counts.ofPrincipals[principal, default: 0] + difference
            counts.ofPrincipals[principal] = own == 0 ? nil : own
            return own <= limit && counts.total <= limit * 4
        }
    }
}
