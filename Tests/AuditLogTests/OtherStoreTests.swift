import AuditRecord
import JSON
import Synchronization
import Testing

@testable import AuditLog

/// The queue, the masks and the checkpoints work over every ``LogStore``, not only over SQLite.
@Suite struct OtherStoreTests {
    @Test func entriesAreMaskedChainedAndFoundInAnotherStore() throws {
        let key = try SigningKey()
        let store = MemoryLogStore(key: key)
        let checkpoints = Mutex<[AuditCheckpoint]>([])
        var options = AuditLog.Options()
        options.knownSecrets = ["hunter2-hunter2"]
        options.onCheckpoint = { checkpoint in checkpoints.withLock { $0.append(checkpoint) } }
        let log = AuditLog(store: store, key: .init(key: key, isNew: true), options: options)
        #expect(log.writeAndWait(AuditEntry(.alarm, at: 1, details: ["text": "echo hunter2-hunter2"])) == nil)
        #expect(log.writeAndWait(AuditEntry(.alarm, at: 2, details: ["text": "other"])) == nil)
        let rows = try log.query()
        #expect(rows.map(\.seq) == [2, 1] && rows[0].previous == rows[1].hash)
        #expect(!String(decoding: rows[1].content, as: UTF8.self).contains("hunter2"))
        #expect(try log.query(text: "OTHER").map(\.seq) == [2])
        var exported = 0
        try log.export(format: .jsonl) { exported += $0.count { $0 == UInt8(ascii: "\n") } }
        #expect(exported == 2)
        store.fail("the network is gone")
        #expect(log.writeAndWait(AuditEntry(.alarm, at: 3))?.description.contains("the network is gone") == true)
        store.fail(nil)
        #expect(log.writeAndWait(AuditEntry(.alarm, at: 4)) == nil)
        log.close()
        let made = checkpoints.withLock { $0 }
        let last = try #require(made.last)
        #expect(last.reason == .shutdown && last.anchor.seq == 3 && last.isSigned(by: key.publicKey))
    }
}

private final class MemoryLogStore: LogStore {
    private struct State {
        var rows: [AuditRow] = []
        var checkpoint: AuditCheckpoint?
        var failure: String?
    }

    let isNew = true
    private let key: SigningKey
    private let state = Mutex(State())

    init(key: SigningKey) { self.key = key }

    func fail(_ reason: String?) { state.withLock { $0.failure = reason } }

    func append(
        _ entries: [PreparedEntry], at now: Int64,
        checkpoint reason: (_ last: AuditCheckpoint?, _ head: AuditAnchor) -> AuditCheckpoint.Reason?
    ) throws -> AuditCheckpoint? {
        try state.withLock { state in
            if let failure = state.failure { throw AuditFailure(failure) }
            for entry in entries {
                let (seq, previous) = (Int64(state.rows.count + 1), state.rows.last?.hash ?? Chain.genesis)
                let hash = Chain.hash(seq: seq, previous: previous, content: entry.content)
                state.rows.append(AuditRow(seq: seq, content: entry.content, previous: previous, hash: hash))
            }
            guard let last = state.rows.last else { return nil }
            let head = AuditAnchor(seq: last.seq, hash: last.hash)
            guard let reason = reason(state.checkpoint, head) else { return nil }
            let made = try key.checkpoint(reason, head, at: now)
            state.checkpoint = made
            return made
        }
    }

    func removeOldest(_ retention: AuditLog.Retention, at now: Int64) throws -> RetentionStep? { nil }
    func shrink() throws -> Bool { false }

    func newest(_ limit: Int, _ query: AuditQuery) throws -> [AuditRow] {
        Array(matches(query).reversed().prefix(limit))
    }

    func timeline(of threadID: String, before: Int64?, limit: Int, withoutHashes: Bool) throws -> Timeline {
        throw AuditFailure("This store has no timelines.")
    }

    func forEach(_ query: AuditQuery, _ body: (AuditRow) throws -> Void) throws { try matches(query).forEach(body) }

    private func matches(_ query: AuditQuery) -> [AuditRow] {
        state.withLock { $0.rows.filter { query.search?.matches($0.content) ?? true } }
    }

    func close() {}
}
