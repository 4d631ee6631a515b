public import JSON

/// A value of the protocol: read from JSON, and written back without losing members unknown to this version.
public protocol ProtocolValue: Sendable, Hashable {
    init(json: JSONValue) throws(ProtocolError)
    var json: JSONValue { get }
}

/// A value that is a JSON object, or that shares one with its owner.
///
/// Generated structures keep in `additionalMembers` the members without a property, and the known members that were
/// null instead of absent. On writing, a property that is set takes precedence over an additional member of its name.
/// So, if codex distinguishes null from absent, clear an optional member with `additionalMembers["name"] = .null`.
public protocol ProtocolObject: ProtocolValue {
    init(members: inout MemberReader) throws(ProtocolError)
    func write(to object: inout JSONObject)
}

extension ProtocolObject {
    public init(json: JSONValue) throws(ProtocolError) {
        guard case .object(let object) = json else { throw ProtocolError(expected: "an object", found: json) }
        var members = MemberReader(object)
        try self.init(members: &members)
    }

    public var json: JSONValue {
        var object = JSONObject()
        write(to: &object)
        return .object(object)
    }
}

/// Two objects are equal if they write the same JSON. Synthesized comparisons of a thousand types would take a third of
/// their compile time.
extension ProtocolObject {
    public static func == (left: Self, right: Self) -> Bool { left.json == right.json }
    public func hash(into hasher: inout Hasher) { hasher.combine(json) }
}

/// A string with known values, and the case `unrecognized` for others. Equality compares the strings.
public protocol StringEnumeration: ProtocolValue, RawRepresentable where RawValue == String {
    init(rawValue: String)
}

extension StringEnumeration {
    public init(json: JSONValue) throws(ProtocolError) { self.init(rawValue: try String(json: json)) }
    public var json: JSONValue { .string(rawValue) }
}
