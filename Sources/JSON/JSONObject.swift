/// A JSON object that keeps the order of its members. Look-up is linear: protocol objects are small.
public struct JSONObject: Sendable {
    /// Keys are unique: the parser refuses a second one and the subscript replaces.
    public private(set) var members: [(key: String, value: JSONValue)]

    public init() { members = [] }

    /// Later members replace earlier ones of the same key.
    public init(_ members: some Sequence<(String, JSONValue)>) {
        self.members = []
        for (key, value) in members { self[key] = value }
    }

    /// Trusts the caller that keys are unique: the parser, which has just checked it.
    init(unique members: [(key: String, value: JSONValue)]) { self.members = members }

    public var isEmpty: Bool { members.isEmpty }
    public var count: Int { members.count }
    public var keys: [String] { members.map(\.key) }

    public subscript(key: String) -> JSONValue? {
        get { members.first { $0.key.isIdentical(to: key) }?.value }
        set {
            let index = members.firstIndex { $0.key.isIdentical(to: key) }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append((key, value))
            case (nil, nil): break
            }
        }
    }

    @discardableResult
    public mutating func removeValue(forKey key: String) -> JSONValue? {
        guard let index = members.firstIndex(where: { $0.key.isIdentical(to: key) }) else { return nil }
        return members.remove(at: index).value
    }
}

/// Two objects are equal when their members are, in whatever order (RFC 8259 section 4).
extension JSONObject: Hashable {
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
    }

    public func hash(into hasher: inout Hasher) {
        var combined = 0
        for (key, value) in members {
            var member = Hasher()
            member.combineIdentity(of: key)
            member.combine(value)
            combined ^= member.finalize()
        }
        hasher.combine(combined)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
