import AuditRecord
import Dispatch
import JSON
import Synchronization

// On the writer's queue only.
extension AuditLog {
    func drain() {
        if state.withLock({ $0.isClosed }) || writeQueued() { return }
        let delay = backoff.withLock { $0.next() }
        queue.asyncAfter(deadline: .now() + .milliseconds(delay)) { self.drain() }
    }

    /// Commits batch after batch. False if the disk fails; notes then wait for the next attempt.
    @discardableResult
    func writeQueued() -> Bool {
        while true {
            let batch = state.withLock { state in
                let batch = state.queue.take(options.batchSize)
                if batch == nil { state.isScheduled = false }
                return batch
            }
            guard let batch else { return true }
            guard write(batch) else { return false }
        }
    }

    private func write(_ batch: EntryQueue.Batch) -> Bool {
        var items = batch.items
        for index in items.indices where items[index].prepared == nil {
            items[index].prepared = preparation.prepare(items[index].entry)
        }
        var entries = items.compactMap(\.prepared)
        if let gap = batch.gap { entries.append(preparation.prepare(record(of: gap))) }
        do {
            let checkpoint = try store.append(entries, at: options.now(), checkpoint: dueCheckpoint)
            state.withLock { $0.failure = nil }
            backoff.withLock { $0.reset() }
            for item in items { item.done?(nil) }
            if let checkpoint { options.onCheckpoint(checkpoint) } else { scheduleCheckpoint() }
            return true
        } catch {
            let failure = AuditFailure("The audit log cannot be written: \(Self.describe(error))")
            let waiting = state.withLock { state in
                state.failure = failure.description
                state.queue.putBack(items.filter { $0.done == nil }, gap: batch.gap)
                return state.queue.removeWrites()
            }
            for item in items + waiting { item.done?(failure) }
            return false
        }
    }

    /// Fails the remaining entries before the file is closed, so that no caller waits forever. Returns the number of
    /// lost notes.
    func failQueued() -> Int {
        var lost = 0
        while let batch = state.withLock({ $0.queue.take(.max) }) {
            lost += batch.gap?.count ?? 0
            for item in batch.items {
                if item.done == nil { lost += 1 }
                item.done?(AuditFailure("The audit log was closed before this could be written."))
            }
        }
        return lost
    }

    private func record(of gap: EntryQueue.Gap) -> AuditEntry {
        AuditEntry(
            .recordGap, at: options.now(),
            details: [
                "dropped": .number(JSONNumber(Int64(gap.count))), "from": .number(JSONNumber(gap.from)),
                "to": .number(JSONNumber(gap.to)),
            ])
    }

    private func dueCheckpoint(_ last: AuditCheckpoint?, _ head: AuditAnchor) -> AuditCheckpoint.Reason? {
        head.seq - (last?.anchor.seq ?? 0) >= options.checkpointRows ? .interval : nil
    }

    /// Schedules a checkpoint for rows that are too few to make one due.
    private func scheduleCheckpoint() {
        let isScheduled = isCheckpointScheduled.withLock { isScheduled in
            defer { isScheduled = true }
            return isScheduled
        }
        guard !isScheduled else { return }
        queue.asyncAfter(deadline: .now() + .milliseconds(Int(options.checkpointInterval))) { [weak self] in
            guard let self else { return }
            isCheckpointScheduled.withLock { $0 = false }
            if !state.withLock({ $0.isClosed }) { makeCheckpoint(.interval) }
        }
    }

    /// Makes a checkpoint unless the head has one. A failure is not reported: the next commit meets it too.
    func makeCheckpoint(_ reason: AuditCheckpoint.Reason) {
        let made = try? store.append([], at: options.now()) { last, head in
            last?.anchor.seq == head.seq ? nil : reason
        }
        if let made { options.onCheckpoint(made) }
    }
}
