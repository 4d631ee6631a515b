public import JSON

/// The id of a request (JSON-RPC 2.0 section 4). codex reads strings and 64-bit integers, nothing else.
public enum RequestID: Sendable, Hashable {
    case string(String)
    case integer(Int64)

    /// Nil for a value that codex would not take as an id: null, a fraction, a boolean.
    public init?(_ value: JSONValue) {
        switch value {
        case .string(let text): self = .string(text)
        case .number(let number):
            guard let integer = Int64(number.text) else { return nil }
            self = .integer(integer)
        default: return nil
        }
    }

    /// Nil for what is not an integer as JSON writes it, or one of more digits than are sure to fit in 64 bits.
    init?(integer text: UnsafeRawBufferPointer) {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = UnsafeRawBufferPointer(rebasing: text.dropFirst(isNegative ? 1 : 0))
        // So many digits fit, whichever they are.
        guard !digits.isEmpty, digits.count <= 18 else { return nil }
        var value: Int64 = 0
        for byte in digits {
            let digit = byte &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int64(digit)
        }
        self = .integer(isNegative ? -value : value)
    }

    public var json: JSONValue {
        switch self {
        case .string(let text): .string(text)
        case .integer(let integer): .number(JSONNumber(integer))
        }
    }
}

extension RequestID: CustomStringConvertible {
    public var description: String {
        switch self {
        case .string(let text): text
        case .integer(let integer): String(integer)
        }
    }
}
