/// How long a token is good for, as it is written on the command line.
public enum Lifetime {
    /// Ten years. Who wants longer wants a token that does not expire.
    public static let maximum: Duration = .seconds(3_650 * 86_400)

    /// `30d`, `12h` or `90m`: a whole number above zero and its unit, nothing else.
    public static func parse(_ text: String) throws(AccessError) -> Duration {
        let units: [Character: Int64] = ["d": 86_400, "h": 3_600, "m": 60]
        guard let unit = text.last.flatMap({ units[$0] }), case let digits = text.dropLast(), !digits.isEmpty,
            digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { throw .usage("\"\(SanitizedText.of(text))\" is no time: write a number and d, h or m, as in 30d.") }
        // A number too long for 64 bits is too long for us as well.
        let (seconds, overflow) = (Int64(digits) ?? .max).multipliedReportingOverflow(by: unit)
        guard !overflow, .seconds(seconds) <= maximum else {
            throw .usage("\(SanitizedText.of(text)) is longer than ten years (3650d).")
        }
        guard seconds > 0 else { throw .usage("\(SanitizedText.of(text)) is no time at all.") }
        return .seconds(seconds)
    }
}
