import AuditRecord
import Dispatch
import GRDB
import Synchronization

extension AuditLog {
    private static let hour = 3_600

    /// Removes the oldest rows now. Blocks; never call it on an event loop. Returns the number of removed rows.
    ///
    /// Each row is verified before it is removed: a changed row stops the removal, which preserves the evidence. The
    /// newest row is never removed. Queued entries are written between the steps.
    @discardableResult
    public func retain(maxAge: Int64? = nil, maxBytes: Int? = nil) throws -> Int {
        let retention = Retention(maxAge: maxAge, maxBytes: maxBytes)
        return try queue.sync {
            guard !state.withLock({ $0.isClosed }) else { throw AuditFailure("The audit log is closed.") }
            return try remove(retention)
        }
    }

    /// Removes old rows now and every hour. A failure is stored in ``retentionFailure``.
    func retainRegularly(_ retention: Retention) {
        guard !state.withLock({ $0.isClosed }) else { return }
        _ = try? remove(retention)
        queue.asyncAfter(deadline: .now() + .seconds(Self.hour)) { [weak self] in self?.retainRegularly(retention) }
    }

    private func remove(_ retention: Retention) throws -> Int {
        var removed = 0
        do {
            while let step = try store.removeOldest(retention, at: options.now()) {
                removed += step.count
                options.onCheckpoint(step.cut)
                // Several steps may take seconds.
                writeWaiting()
            }
            while try store.shrink() { writeWaiting() }
        } catch {
            let failure = AuditFailure("Old audit rows cannot be removed: \(Self.describe(error))")
            state.withLock { $0.retentionFailure = failure.description }
            throw failure
        }
        state.withLock { $0.retentionFailure = nil }
        return removed
    }

    private func writeWaiting() {
        // While the disk fails, the scheduled retry writes the entries.
        if failure == nil, queuedCount > 0, !writeQueued() { queue.async { self.drain() } }
    }
}
