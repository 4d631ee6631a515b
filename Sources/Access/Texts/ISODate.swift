/// Formats dates for people and tables.
public enum ISODate {
    /// `2026-01-31T12:00:00Z` (RFC 3339, UTC, truncated to whole seconds). Works for any 64-bit time.
    public static func text(_ time: Milliseconds) -> String {
        let (days, milliseconds) = floorDivide(time, 86_400_000)
        let seconds = milliseconds / 1_000
        let (year, month, day) = civil(days)
        return "\(year < 0 ? "-" : "")\(padded(abs(year), 4))-\(padded(month, 2))-\(padded(day, 2))"
            + "T\(padded(seconds / 3_600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))Z"
    }

    /// The proleptic Gregorian date `days` after 1970-01-01. Counts years from 1 March, so that the leap day is the
    /// last day of its year, in eras of 400 years, after which the calendar repeats.
    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let daysPerEra: Int64 = 146_097
        let (era, dayOfEra) = floorDivide(days + 719_468, daysPerEra)  // 0000-03-01 is 719,468 days before 1970
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / (daysPerEra - 1)) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153  // five months have 153 days: 31, 30, 31, 30, 31
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
