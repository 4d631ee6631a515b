import JSON

/// Limits how many refusals per actor and minute are recorded, because a refused client may retry without limit; the
/// next recorded refusal says how many are missing. Otherwise decisions would have to wait behind them for the disk.
public struct RefusalLimit: Sendable {
    public static let rowsPerMinute = 600

    private var minute: Int64 = 0
    /// By actor; an actor with unrecorded refusals is kept for the next minute.
    private var limits: [String: MinuteLimit] = [:]

    public init() {}

    /// The entry to record, with `notRecordedBefore` if some are missing; nil if it must not be recorded. Its time must
    /// be set.
    public mutating func admit(_ entry: AuditEntry) -> AuditEntry? {
        guard entry.kind == .methodRefused || entry.kind == .answerRejected else { return entry }
        if entry.at / 60_000 != minute {
            minute = entry.at / 60_000
            limits = limits.filter { $0.value.leftOut > 0 }
        }
        let limit = MinuteLimit(rowsPerMinute: Self.rowsPerMinute)
        guard let leftOut = limits[entry.actor ?? "", default: limit].admit(at: entry.at) else { return nil }
        guard leftOut > 0 else { return entry }
        var entry = entry
        entry.details["notRecordedBefore"] = .number(JSONNumber(Int64(leftOut)))
        return entry
    }
}
