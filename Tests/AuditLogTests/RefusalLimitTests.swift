import AuditRecord
import JSON
import Testing

@Suite struct RefusalLimitTests {
    private static func refusal(_ actor: String, at time: Int64, _ kind: AuditEntry.Kind = .methodRefused) -> AuditEntry
    {
        AuditEntry(kind, at: time, actor: actor)
    }

    @Test func soManyAMinuteOfEachAndTheRestCounted() {
        var limit = RefusalLimit()
        let most = RefusalLimit.rowsPerMinute
        #expect((0..<most).allSatisfy { _ in limit.admit(Self.refusal("a", at: 60_000)) != nil })
        for _ in 0..<7 { #expect(limit.admit(Self.refusal("a", at: 119_999)) == nil) }
        // The limit applies per principal and per kind of refusal.
        #expect(limit.admit(Self.refusal("b", at: 119_999)) != nil)
        #expect(limit.admit(Self.refusal("a", at: 119_999, .decision)) != nil)
        let next = limit.admit(Self.refusal("a", at: 120_000, .answerRejected))
        #expect(next?.details["notRecordedBefore"] == 7)
        #expect(limit.admit(Self.refusal("a", at: 120_001))?.details["notRecordedBefore"] == nil)
    }
}
