/// A token's lifetime, as written on the command line.
public enum Lifetime {
    /// Ten years. A token that must last longer can be created without an expiry.
    public static let maximum: Duration = .seconds(3_650 * 86_400)

    /// Parses `30d`, `12h` or `90m`: a positive whole number and a unit.
    public static func parse(_ text: String) throws(AccessError) -> Duration {
        let units: [Character: Int64] = ["d": 86_400, "h": 3_600, "m": 60]
        guard let unit = text.last.flatMap({ units[$0] }), case let digits = text.dropLast(), !digits.isEmpty,
            digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else {
            throw .usage("\"\(SanitizedText.of(text))\" is not a duration: write a number and d, h or m, as in 30d.")
        }
        // A number that overflows 64 bits is above the maximum too.
        let (seconds, overflow) = (Int64(digits) ?? .max).multipliedReportingOverflow(by: unit)
        guard !overflow, .seconds(seconds) <= maximum else {
            throw .usage("\(SanitizedText.of(text)) is longer than ten years (3650d).")
        }
        guard seconds > 0 else { throw .usage("\(SanitizedText.of(text)) must be longer than zero.") }
        return .seconds(seconds)
    }
}
