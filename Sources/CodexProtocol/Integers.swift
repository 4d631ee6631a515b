public import JSON

extension FixedWidthInteger where Self: ProtocolValue {
    public init(json: JSONValue) throws(ProtocolError) {
        // Beyond `Int64` only the digits are exact.
        guard case .number(let number) = json, let value = number.int.flatMap(Self.init(exactly:)) ?? Self(number.text)
        else { throw ProtocolError(expected: "an integer of type \(Self.self)", found: json) }
        self = value
    }

    public var json: JSONValue {
        if let value = Int64(exactly: self) { return .number(JSONNumber(value)) }
        do { return try JSONValue(parsing: String(self)) } catch { preconditionFailure("digits are a JSON number") }
    }
}

extension Int32: ProtocolValue {}
extension Int64: ProtocolValue {}
extension UInt8: ProtocolValue {}
extension UInt16: ProtocolValue {}
extension UInt32: ProtocolValue {}
extension UInt64: ProtocolValue {}
