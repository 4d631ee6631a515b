public import JSON

/// Hands out the members of an object; the members not taken are the rest.
public struct MemberReader {
    private var object: JSONObject

    public init(_ object: JSONObject) { self.object = object }

    package mutating func required<Value: ProtocolValue>(_ key: String) throws(ProtocolError) -> Value {
        guard let json = object.removeValue(forKey: key) else {
            throw ProtocolError(expected: "a value", found: nil).inside(member: key)
        }
        return try json.decode(under: key)
    }

    /// A member that is always written, as null if there is no value.
    package mutating func nullable<Value: ProtocolValue>(_ key: String) throws(ProtocolError) -> Value? {
        switch object.removeValue(forKey: key) {
        case nil, .null: nil
        case let json?: try json.decode(under: key)
        }
    }

    /// A member that may be absent. A member with the value null stays in the rest, so that it is written back as null.
    package mutating func optional<Value: ProtocolValue>(_ key: String) throws(ProtocolError) -> Value? {
        switch object[key] {
        case nil, .null: return nil
        case let json?:
            object.removeValue(forKey: key)
            return try json.decode(under: key)
        }
    }

    /// The string that identifies the case of a union; nil, and not taken, if the member is not a string.
    package mutating func takeTag(_ key: String) -> String? {
        guard case .string(let tag) = object[key] else { return nil }
        object.removeValue(forKey: key)
        return tag
    }

    package mutating func takeRest() -> JSONObject {
        defer { object = JSONObject() }
        return object
    }

    /// The rest, with the unknown tag put back.
    package mutating func takeRest(restoring key: String, _ tag: String?) -> JSONObject {
        if let tag { object[key] = .string(tag) }
        return takeRest()
    }
}

extension JSONValue {
    package func decode<Value: ProtocolValue>(under key: String) throws(ProtocolError) -> Value {
        do throws(ProtocolError) { return try Value(json: self) } catch { throw error.inside(member: key) }
    }
}
