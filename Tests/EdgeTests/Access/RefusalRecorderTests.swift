import AuditRecord
@testable import Edge
import JSON
import PrometheusMetrics
import Synchronization
import Testing

/// Refusals are recorded, but unauthenticated clients cannot fill the record.
@Suite struct RefusalRecorderTests {
    private final class Rows: Sendable {
        let all = Mutex<[AuditEntry]>([])
        var count: Int { all.withLock { $0.count } }
        var first: AuditEntry? { all.withLock { $0.first } }
    }

    private static let refusal = AccessRefusal(status: 403, message: "A page from x may not use this server.")

    @Test func aRowSaysWhoAndWhy() throws {
        let rows = Rows()
        let notes = RefusalRecorder { row in rows.all.withLock { $0.append(row) } }
        notes.note(
            Self.refusal, RequestCredentials(origin: "http://evil.example", userAgent: "curl"), address: "192.0.2.1",
            what: "/api/v1/sre/socket", now: 7)
        let row = try #require(rows.first)
        #expect(row.kind == .requestRefused && row.address == "192.0.2.1" && row.userAgent == "curl" && row.at == 7)
        #expect(row.details["origin"] == "http://evil.example" && row.details["status"] == 403)
        #expect(row.details["path"] == "/api/v1/sre/socket")
    }

    @Test(arguments: [(401, AuditEntry.Kind.signInRefused), (429, .signInRefused), (404, .requestRefused)])
    func wrongCredentialsAreAKindOfTheirOwn(_ status: Int, _ kind: AuditEntry.Kind) {
        let rows = Rows()
        let notes = RefusalRecorder { row in rows.all.withLock { $0.append(row) } }
        notes.note(.init(status: status, message: "No."), RequestCredentials(), address: "", what: "/")
        #expect(rows.all.withLock { $0.map(\.kind) } == [kind])
    }

    @Test func aFloodIsCountedAndNotWritten() throws {
        let rows = Rows()
        let notes = RefusalRecorder { row in rows.all.withLock { $0.append(row) } }
        func refuse(at now: Int64) { notes.note(Self.refusal, RequestCredentials(), address: "", what: "/", now: now) }
        for _ in 0..<1_000 { refuse(at: 60_000) }
        #expect(rows.count == RefusalRecorder.rowsPerMinute)
        refuse(at: 119_999)
        #expect(rows.count == RefusalRecorder.rowsPerMinute)
        refuse(at: 120_000)
        #expect(rows.count == RefusalRecorder.rowsPerMinute + 1)
        #expect(rows.all.withLock { $0.last?.details["notRecordedBefore"] } == 881)
        refuse(at: 120_001)
        #expect(rows.all.withLock { $0.last?.details["notRecordedBefore"] } == nil)
        var text = Exposition()
        text.counters("refusals_total", "All.", notes.counter)
        #expect(text.text.contains("refusals_total{status=\"403\"} 1003\n"))
    }
}
