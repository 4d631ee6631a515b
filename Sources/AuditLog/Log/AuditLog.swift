public import AuditRecord
import Dispatch
import GRDB
import JSON
import SQLiteFiles
import Synchronization

/// The audit log on disk: an append-only SQLite database whose rows are chained by SHA-256 and signed with Ed25519.
///
/// One serial queue writes. It commits all entries queued since the last commit at once, with `synchronous = FULL`;
/// callers never wait for it.
public final class AuditLog: AuditRecorder {
    struct State {
        var queue: EntryQueue
        var isScheduled = false
        var isClosed = false
        var failure: String?
        var retentionFailure: String?
    }

    let store: any LogStore
    let options: Options
    let preparation: EntryPreparation
    let state: Mutex<State>
    /// All database writes run here.
    let queue = DispatchQueue(label: "audit-log")
    let backoff = Mutex(Backoff())
    let isCheckpointScheduled = Mutex(false)

    /// Opens or creates the log, with a key pair at `keyPath` and `keyPath.pub`. The log and the private key are
    /// readable only by their owner.
    ///
    /// Throws if the file cannot be opened, if there is a log but not its key, or if the log does not end where its
    /// signed head says. In that case inspect it (``verify(path:publicKeyPath:expecting:)``) and move it aside.
    public convenience init(path: String, keyPath: String, options: Options = Options()) throws {
        guard KeyFile.exists(at: keyPath) || !DatabaseFiles.hasContent(path) else {
            throw AuditFailure(
                "There is an audit log at \(path), but its private key \(keyPath) is missing. Restore the key, or move "
                    + "\(path) and the files beside it (-wal, -shm, -head) aside to begin a new log.")
        }
        let key = try KeyFile.loadOrCreate(at: keyPath)
        let store: SQLiteLogStore
        do {
            store = try SQLiteLogStore(path: path, key: key.key)
        } catch {
            throw AuditFailure("The audit log \(path) cannot be used: \(Self.describe(error))")
        }
        self.init(store: store, key: key, options: options)
    }

    /// `store` signs with the same key.
    init(store: any LogStore, key: KeyFile.Loaded, options: Options) {
        self.store = store
        isWithoutPast = store.isNew && !key.isNew
        self.options = options
        preparation = EntryPreparation(
            key: key.key, known: options.knownSecrets, longestString: options.longestString)
        state = Mutex(
            State(queue: EntryQueue(largestCount: options.queuedEntries, largestByteCount: options.queuedBytes)))
        if let retention = options.retention { queue.async { [weak self] in self?.retainRegularly(retention) } }
    }

    /// Masks secrets as the audit log does, with the same tags.
    public var mask: SecretMask { preparation.mask }

    /// Whether a key existed without a log: the log was moved aside or deleted, which deserves an alarm.
    public let isWithoutPast: Bool

    /// The reason that entries cannot be written at the moment; nil while they can.
    public var failure: String? { state.withLock { $0.failure } }

    /// The reason that the last retention stopped; nil if it completed.
    public var retentionFailure: String? { state.withLock { $0.retentionFailure } }

    /// Entries waiting to be written.
    public var queuedCount: Int { state.withLock { $0.queue.count } }

    public func note(_ entry: AuditEntry) { enqueue(entry, nil) }

    /// `done` runs on the writer's thread: it must be quick, and must not call the log's blocking methods.
    public func write(_ entry: AuditEntry, then done: @escaping @Sendable (AuditFailure?) -> Void) {
        enqueue(entry, done)
    }

    private func enqueue(_ entry: AuditEntry, _ done: (@Sendable (AuditFailure?) -> Void)?) {
        let item = EntryQueue.Item(entry: entry, byteCount: entry.byteCount, done: done, prepared: nil)
        let (refusal, mustStart) = state.withLock { state -> (AuditFailure?, Bool) in
            guard !state.isClosed else { return (AuditFailure("The audit log is closed."), false) }
            guard state.queue.append(item) else {
                let reason = state.failure.map { ": " + $0 } ?? "."
                return (AuditFailure("The audit log's queue is full" + reason), false)
            }
            defer { state.isScheduled = true }
            return (nil, !state.isScheduled)
        }
        if let refusal { done?(refusal) }
        if mustStart { queue.async { self.drain() } }
    }

    /// Writes queued entries, signs a last checkpoint and closes the file. Blocks; never call it on an event loop.
    /// Returns the number of notes lost because the disk fails.
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
