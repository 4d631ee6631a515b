/// Receives audit entries.
public protocol AuditRecorder: Sendable {
    /// Queues an entry. Never waits for the disk.
    func note(_ entry: AuditEntry)

    /// `done` is called once, on any thread: without an error if the entry is durably on disk.
    func write(_ entry: AuditEntry, then done: @escaping @Sendable (AuditFailure?) -> Void)
}

/// The error for an entry that is not on disk.
public struct AuditFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// A sentence for people.
    public let description: String
    public init(_ description: String) { self.description = description }
}
