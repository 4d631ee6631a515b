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
