/// Where entries go.
public protocol AuditRecorder: Sendable {
    /// Queues an entry. Never waits for the disk.
    func note(_ entry: AuditEntry)

    /// `done` is called once, on any thread: without an error when the entry is on disk for good.
    func write(_ entry: AuditEntry, then done: @escaping @Sendable (AuditFailure?) -> Void)
}

/// An entry is not on disk.
public struct AuditFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// A sentence for people.
    public let description: String
    public init(_ description: String) { self.description = description }
}
