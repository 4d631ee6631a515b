import AuditRecord
import Testing

@testable import AuditLog

@Suite struct EntryQueueTests {
    private func item(bytes: Int, at: Int64 = 1, isWrite: Bool = false) -> EntryQueue.Item {
        let entry = AuditEntry(.alarm, at: at)
        guard isWrite else { return EntryQueue.Item(entry: entry, byteCount: bytes, done: nil, prepared: nil) }
        return EntryQueue.Item(entry: entry, byteCount: bytes, done: { _ in }, prepared: nil)
    }

    @Test func aDecisionFitsBesideLongTextsThatFillTheQueue() {
        var queue = EntryQueue(largestCount: 100, largestByteCount: 1_000)
        let fits = [item(bytes: 1_000), item(bytes: 1, at: 7), item(bytes: 200, isWrite: true)].map {
            queue.append($0)
        }
        #expect(fits == [true, false, true])
        let isRefused = !queue.append(item(bytes: 100, isWrite: true))
        #expect(isRefused)
        let batch = queue.take(10)
        #expect(batch?.items.map(\.byteCount) == [1_000, 200])
        #expect(batch?.gap == .init(count: 1, from: 7, to: 7))
    }

    @Test func aDecisionFitsBesideManyNotes() {
        var queue = EntryQueue(largestCount: 8, largestByteCount: 1_000)
        let notes = (0..<9).filter { _ in queue.append(item(bytes: 1)) }
        let writes = (0..<3).filter { _ in queue.append(item(bytes: 1, isWrite: true)) }
        #expect(notes.count == 8)
        #expect(writes.count == 2)
    }

    @Test func oneThatIsLargerThanTheQueueFitsAlone() {
        var queue = EntryQueue(largestCount: 8, largestByteCount: 1_000)
        let fits = [queue.append(item(bytes: 2_000)), queue.append(item(bytes: 1))]
        #expect(fits == [true, false])
    }
}
