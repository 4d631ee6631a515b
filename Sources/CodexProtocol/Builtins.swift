public import JSON

extension JSONValue: ProtocolValue {
    public init(json: JSONValue) { self = json }
    public var json: JSONValue { self }
}

extension JSONObject: ProtocolValue {
    public init(json: JSONValue) throws(ProtocolError) {
        guard case .object(let object) = json else { throw ProtocolError(expected: "an object", found: json) }
        self = object
    }

    public var json: JSONValue { .object(self) }
}

extension String: ProtocolValue {
    public init(json: JSONValue) throws(ProtocolError) {
        guard case .string(let value) = json else { throw ProtocolError(expected: "a string", found: json) }
        self = value
    }

    public var json: JSONValue { .string(self) }
}

extension Bool: ProtocolValue {
    public init(json: JSONValue) throws(ProtocolError) {
        guard case .bool(let value) = json else { throw ProtocolError(expected: "a boolean", found: json) }
        self = value
    }

    public var json: JSONValue { .bool(self) }
}

/// The type of numbers that may have a fraction, since `Double` would turn `1` into `1.0`.
extension JSONNumber: ProtocolValue {
    public init(json: JSONValue) throws(ProtocolError) {
        guard case .number(let value) = json else { throw ProtocolError(expected: "a number", found: json) }
        self = value
    }

    public var json: JSONValue { .number(self) }
}

extension Optional: ProtocolValue where Wrapped: ProtocolValue {
    public init(json: JSONValue) throws(ProtocolError) {
        if case .null = json { self = nil } else { self = try Wrapped(json: json) }
    }

    public var json: JSONValue { self?.json ?? .null }
}

extension Array: ProtocolValue where Element: ProtocolValue {
    public init(json: JSONValue) throws(ProtocolError) {
        guard case .array(let elements) = json else { throw ProtocolError(expected: "an array", found: json) }
        self = []
        reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            do throws(ProtocolError) {
                append(try Element(json: element))
            } catch {
                throw error.inside(element: index)
            }
        }
    }

    public var json: JSONValue { .array(map(\.json)) }
}

extension Dictionary: ProtocolValue where Key == String, Value: ProtocolValue {
    public init(json: JSONValue) throws(ProtocolError) {
        self = [:]
        for (key, value) in try JSONObject(json: json).members { self[key] = .some(try value.decode(under: key)) }
    }

    public var json: JSONValue { .object(JSONObject(sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) })) }
}
