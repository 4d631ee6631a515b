import Access
import AuditRecord
import JSON
import PrometheusMetrics
import Synchronization

/// Records refused requests in the audit log. Unauthenticated clients cause them, so the rows per minute are limited;
/// the next row says how many were left out.
final class RefusalRecorder: Sendable {
    static let rowsPerMinute = 120

    let counter = CounterFamily(labels: "status")
    private let record: @Sendable (AuditEntry) -> Void
    private let limit = Mutex(MinuteLimit(rowsPerMinute: rowsPerMinute))

    init(record: @escaping @Sendable (AuditEntry) -> Void) { self.record = record }

    func note(
        _ refusal: AccessRefusal, _ credentials: RequestCredentials, address: String, what: String,
        now: Milliseconds = WallClock.now()
    ) {
        counter.add("\(refusal.status)")
        guard let left = limit.withLock({ $0.admit(at: now) }) else { return }
        var details: JSONObject = [
            "path": .string(String(what.prefix(200))), "status": .number(JSONNumber(Int64(refusal.status))),
            "reason": .string(String(refusal.message.prefix(400))),
        ]
        details["origin"] = credentials.origin.map { .string(String($0.prefix(200))) }
        if left > 0 { details["notRecordedBefore"] = .number(JSONNumber(Int64(left))) }
        let kind: AuditEntry.Kind = refusal.status == 401 || refusal.status == 429 ? .signInRefused : .requestRefused
        record(
            AuditEntry(
                kind, at: now, address: address, userAgent: credentials.userAgent.map { String($0.prefix(400)) },
                details: details))
    }
}
