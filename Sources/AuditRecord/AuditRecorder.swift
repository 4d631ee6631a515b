/// Receives audit entries.
public protocol AuditRecorder: Sendable {
    /// Queues an entry. Never waits for the disk.
    func note(_ entry: AuditEntry)

    /// `done` is called once, on any thread: without an error if the entry is durably on disk.
    func write(_ entry: AuditEntry, then done: @escaping @Sendable (AuditFailure?) -> Void)

    /// Why entries cannot be written at the moment; nil while they can.
    var failure: String? { get }
}

/// The error for an entry that is not on disk.
public struct AuditFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// A sentence for people.
    public let description: String
    public init(_ description: String) { self.description = description }
}
