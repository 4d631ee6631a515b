import Access
import Testing

/// The dates that `audit export --since` accepts.
@Suite struct ISODateParseTests {
    @Test(
        arguments: [
            ("1970-01-01", 0), ("1970-01-01T00:00:01Z", 1_000), ("1969-12-31T23:59:59Z", -1_000),
            ("2000-02-29", 951_782_400_000), ("2026-11-22T21:01:57Z", 1_795_381_317_000),
            ("0000-03-01", -62_162_035_200_000),
        ] as [(String, Int64)])
    func isRead(_ text: String, _ time: Int64) {
        #expect(ISODate.parse(text) == time)
    }

    @Test func everyDayOfFourCenturiesIsReadAsItIsWritten() {
        for day: Int64 in -73_000...73_000 {
            let time = day * 86_400_000
            guard ISODate.parse(ISODate.text(time)) == time else {
                Issue.record("\(ISODate.text(time)) is read as another time")
                return
            }
        }
    }

    @Test(arguments: [
        "", "2026", "2026-1-1", "2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10", "2026-01-32",
        "2026-01-31T24:00:00Z",
        "2026-01-31T12:60:00Z", "2026-01-31 12:00:00Z", "2026-01-31T12:00:00", "2026-01-31T12:00:00+", "+026-01-31",
        "2026-01-3\u{661}", "yesterday",
    ])
    func isNoTime(_ text: String) {
        #expect(ISODate.parse(text) == nil)
    }
}
