public import AuditRecord
import Dispatch
import GRDB
import JSON
import Synchronization

/// The record on disk: an append-only SQLite database whose rows are chained by SHA-256 and signed with Ed25519.
///
/// One serial queue writes. It takes what has come in since the last commit and commits it at once, with
/// `synchronous = FULL`; callers never wait for it.
public final class AuditLog: AuditRecorder {
    struct State {
        var queue: EntryQueue
        var isScheduled = false
        var isClosed = false
        var failure: String?
        var retentionFailure: String?
    }

    let store: LogStore
    let options: Options
    let preparation: EntryPreparation
    let state: Mutex<State>
    /// Everything that writes the database runs here.
    let queue = DispatchQueue(label: "audit-log")
    let backoff = Mutex(Backoff())
    let isCheckpointScheduled = Mutex(false)

    /// Opens the log, or makes it, with a key pair at `keyPath` and `keyPath.pub`. Both are for their owner alone.
    ///
    /// Throws when the file cannot be opened, when there is a log but not its key, and when the log does not end
    /// where its signed head says: then it is to be looked at (``verify(path:publicKeyPath:expecting:)``) and moved
    /// aside.
    public init(path: String, keyPath: String, options: Options = Options()) throws {
        let loaded = try KeyFile.loadOrCreate(at: keyPath)
        do {
            store = try LogStore(path: path, key: loaded.key)
        } catch {
            throw AuditFailure("The audit log \(path) cannot be used: \(Self.describe(error))")
        }
        isWithoutPast = store.isNew && !loaded.isNew
        self.options = options
        preparation = EntryPreparation(
            key: loaded.key, known: options.knownSecrets, longestString: options.longestString)
        state = Mutex(
            State(queue: EntryQueue(largestCount: options.queuedEntries, largestByteCount: options.queuedBytes)))
        if let retention = options.retention { queue.async { [weak self] in self?.retainRegularly(retention) } }
    }

    /// Replaces secrets as the record does, with the same marks.
    public var mask: SecretMask { preparation.mask }

    /// There was a key but no log: it has been moved aside, or deleted. Worth an alarm.
    public let isWithoutPast: Bool

    /// Why entries cannot be written at the moment; nil while they can.
    public var failure: String? { state.withLock { $0.failure } }

    /// Why the last retention stopped; nil when it went through.
    public var retentionFailure: String? { state.withLock { $0.retentionFailure } }

    /// Entries that wait for the disk.
    public var queuedCount: Int { state.withLock { $0.queue.count } }

    public func note(_ entry: AuditEntry) { enqueue(entry, nil) }

    /// `done` runs on the writer's thread: it must be quick, and must not call back into the log's blocking calls.
    public func write(_ entry: AuditEntry, then done: @escaping @Sendable (AuditFailure?) -> Void) {
        enqueue(entry, done)
    }

    private func enqueue(_ entry: AuditEntry, _ done: (@Sendable (AuditFailure?) -> Void)?) {
        let item = EntryQueue.Item(entry: entry, byteCount: entry.byteCount, done: done, prepared: nil)
        let (refusal, mustStart) = state.withLock { state -> (AuditFailure?, Bool) in
            guard !state.isClosed else { return (AuditFailure("The audit log is closed."), false) }
            guard state.queue.append(item) else {
                let reason = state.failure.map { ": " + $0 } ?? "."
                return (AuditFailure("Too much waits to be written to the audit log" + reason), false)
            }
            defer { state.isScheduled = true }
            return (nil, !state.isScheduled)
        }
        if let refusal { done?(refusal) }
        if mustStart { queue.async { self.drain() } }
    }

    /// Writes what waits, signs a last checkpoint and closes the file. Blocks; never call it on an event loop.
    /// Returns how many notes were lost because the disk fails.
    @discardableResult
    public func close() -> Int {
        queue.sync {
            let wasClosed = state.withLock { state in
                defer { state.isClosed = true }
                return state.isClosed
            }
            guard !wasClosed else { return 0 }
            writeQueued()
            let lost = failQueued()
            makeCheckpoint(.shutdown)
            store.close()
            return lost
        }
    }

    static func describe(_ error: any Error) -> String {
        switch error {
        case let failure as AuditFailure: failure.description
        case let error as DatabaseError: error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        default: "\(error)"
        }
    }
}
