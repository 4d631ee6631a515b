public import JSON

/// The id of a request (JSON-RPC 2.0 section 4). codex accepts only strings and 64-bit integers.
public enum RequestID: Sendable, Hashable {
    case string(String)
    case integer(Int64)

    /// nil for a value that codex does not accept as an id: null, a fraction, a boolean.
    public init?(_ value: JSONValue) {
        switch value {
        case .string(let text): self = .string(text)
        case .number(let number):
            guard let integer = Int64(number.text) else { return nil }
            self = .integer(integer)
        default: return nil
        }
    }

    /// nil unless the text is a JSON integer with few enough digits to be sure to fit in 64 bits.
    init?(integer text: UnsafeRawBufferPointer) {
        let isNegative = text.count > 0 && text[0] == UInt8(ascii: "-")
        let start = isNegative ? 1 : 0
        // Any 18 digits fit.
        guard text.count > start, text.count &- start <= 18 else { return nil }
        var value: Int64 = 0
        for index in start..<text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int64(digit)
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

extension RequestID {
    /// String and integer ids are rarely mixed, so the kind is not hashed.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .string(let text): hasher.combine(text)
        case .integer(let integer): hasher.combine(integer)
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
