extension ISODate {
    /// Parses `2026-01-31` and `2026-01-31T12:00:00Z` (RFC 3339, UTC, whole seconds). Nil for anything else, including
    /// dates that do not exist.
    public static func parse(_ text: String) -> Milliseconds? {
        let whole = text.utf8.count == 10 ? "\(text)T00:00:00Z" : text
        let bytes = Array(whole.utf8)
        guard bytes.count == 20 else { return nil }
        func number(_ range: Range<Int>) -> Int64? {
            guard bytes[range].allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else { return nil }
            return Int64(String(decoding: bytes[range], as: UTF8.self))
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19)
        else { return nil }
        let time = (daysBefore(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second) * 1_000
        // Formatting yields the same text only if every number was in range.
        return ISODate.text(time).utf8.elementsEqual(whole.utf8) ? time : nil
    }

    /// Days from 1970-01-01 to a proleptic Gregorian date. Counts years from 1 March.
    private static func daysBefore(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
