/// A JSON number, kept as the literal it came as, so that a 20-digit id or `1.0` leaves the server as it entered.
public struct JSONNumber: Sendable, Hashable {
    /// The literal, valid by RFC 8259 section 6.
    public let text: String

    public init(_ value: Int64) { text = String(value) }

    /// `value` must be finite: JSON has no infinity and no NaN.
    public init(_ value: Double) {
        precondition(value.isFinite, "JSON has no literal for \(value)")
        text = "\(value)"
    }

    /// Trusts the caller that `literal` is a valid number: the parser, which has just checked it.
    init(validated literal: String) { text = literal }

    /// The number as an integer, also when it is written as `1.0` or `1e3`; nil beyond 64 bits, with a fraction, or
    /// where a fraction's notation leaves the exact value in doubt.
    public var int: Int64? {
        if let value = Int64(text) { return value }
        guard text.contains(where: { $0 == "." || $0 == "e" || $0 == "E" }), let value = Double(text),
            abs(value) < Self.exactLimit
        else { return nil }
        return Int64(exactly: value)
    }

    /// Below 2^53 a Double tells every integer from its neighbours.
    private static let exactLimit = 9_007_199_254_740_992.0

    public var double: Double? { Double(text) }
}
