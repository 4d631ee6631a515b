/// A JSON number, stored as its original literal, so that a 20-digit id or `1.0` leaves the server unchanged.
public struct JSONNumber: Sendable, Hashable {
    /// The literal, valid according to RFC 8259 section 6.
    public let text: String

    public init(_ value: Int64) { text = String(value) }

    /// `value` must be finite: JSON has no infinity and no NaN.
    public init(_ value: Double) {
        precondition(value.isFinite, "JSON has no literal for \(value)")
        text = "\(value)"
    }

    /// The caller guarantees that `literal` is a valid number; the parser has just checked it.
    init(validated literal: String) { text = literal }

    /// The number as an integer, also if it is written as `1.0` or `1e3`; nil beyond 64 bits, with a fraction, or if
    /// the notation with a fraction or exponent may be inexact.
    public var int: Int64? {
        if let value = Int64(text) { return value }
        guard text.contains(where: { $0 == "." || $0 == "e" || $0 == "E" }), let value = Double(text),
            abs(value) < Self.exactLimit
        else { return nil }
        return Int64(exactly: value)
    }

    /// Below 2^53 a Double represents every integer exactly.
    private static let exactLimit = 9_007_199_254_740_992.0

    public var double: Double? { Double(text) }
}
