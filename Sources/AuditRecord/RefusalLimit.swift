import JSON

/// Limits how many refusals per actor and minute are recorded, because a refused client may retry without limit; the
/// next recorded refusal says how many are missing. Otherwise decisions would have to wait behind them for the disk.
public struct RefusalLimit: Sendable {
    public static let rowsPerMinute = 600

    private struct Rows {
        var count = 0
        var left = 0
    }

    private var minute: Int64 = 0
    /// By actor; an actor with unrecorded refusals is kept for the next minute.
    private var rows: [String: Rows] = [:]

    public init() {}

    /// The entry to record, with `notRecordedBefore` if some are missing; nil if it must not be recorded. Its time must
    /// be set.
    public mutating func admit(_ entry: AuditEntry) -> AuditEntry? {
        guard entry.kind == .methodRefused || entry.kind == .answerRejected else { return entry }
        if entry.at / 60_000 != minute {
            minute = entry.at / 60_000
            rows = rows.compactMapValues { $0.left > 0 ? Rows(left: $0.left) : nil }
        }
        let actor = entry.actor ?? ""
        var own = rows[actor] ?? Rows()
        defer { rows[actor] = own }
        guard own.count < Self.rowsPerMinute else {
            own.left += 1
            return nil
        }
        own.count += 1
        guard own.left > 0 else { return entry }
        var entry = entry
        entry.details["notRecordedBefore"] = .number(JSONNumber(Int64(own.left)))
        own.left = 0
        return entry
    }
}
