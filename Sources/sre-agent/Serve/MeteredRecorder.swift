import AuditRecord
import JSON
import PrometheusMetrics
import Synchronization

/// Counts audit log entries for `/metrics`.
final class MeteredRecorder: AuditRecorder {
    private let recorder: any AuditRecorder
    private let limit = Mutex(RefusalLimit())
    let decisions = CounterFamily(labels: "by", "decision")
    /// Only people's decisions.
    let decisionTimes = Histogram(bounds: [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800])
    let refusals = CounterFamily(labels: "kind")
    let agentStarts = Counter()
    let alarms = Counter()
    let unwritten = Counter()

    init(_ recorder: any AuditRecorder) { self.recorder = recorder }

    var failure: String? { recorder.failure }

    func note(_ entry: AuditEntry) {
        count(entry)
        if let entry = limit.withLock({ $0.admit(entry) }) { recorder.note(entry) }
    }

    func write(_ entry: AuditEntry, then done: @escaping @Sendable (AuditFailure?) -> Void) {
        recorder.write(entry) { [self] failure in
            if failure == nil { count(entry) } else { unwritten.add() }
            done(failure)
        }
    }

    private func count(_ entry: AuditEntry) {
        switch entry.kind {
        case .decision:
            decisions.add("person", decision(entry))
            if let asked = entry.details["askedAt"]?.integer, let decided = entry.details["decidedAt"]?.integer {
                decisionTimes.observe(nanoseconds: (decided - asked) * 1_000_000)
            }
        case .decisionByRule: decisions.add("rule", decision(entry))
        case .decisionByTimeout: decisions.add("timeout", "decline")
        case .decisionStanding: decisions.add("standing", decision(entry))
        case .decisionUnattended: decisions.add("unattended", decision(entry))
        case .decisionVoid: decisions.add("nobody", "void")
        case .methodRefused, .answerRejected: refusals.add(entry.kind.rawValue)
        case .agentStarted: agentStarts.add()
        case .alarm: alarms.add()
        default: break
        }
    }

    private func decision(_ entry: AuditEntry) -> String { entry.details["decision"]?.stringValue ?? "answered" }
}

extension JSONValue {
    fileprivate var integer: Int64? { if case .number(let number) = self { Int64(number.text) } else { nil } }
}
