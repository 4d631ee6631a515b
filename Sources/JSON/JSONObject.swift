/// A JSON object that keeps the order of its members. Lookup is linear: protocol objects are small.
public struct JSONObject: Sendable {
    /// Keys are unique: the parser refuses duplicates and the subscript replaces.
    public private(set) var members: [(key: String, value: JSONValue)]

    public init() { members = [] }

    /// Later members replace earlier ones with the same key.
    public init(_ members: some Sequence<(String, JSONValue)>) {
        self.members = []
        var places: [Identity: Int] = [:]
        for (key, value) in members {
            let place = places[Identity(text: key), default: self.members.count]
            if place < self.members.count {
                self.members[place].value = value
            } else {
                places[Identity(text: key)] = place
                self.members.append((key, value))
            }
        }
    }

    /// Compares a key by its bytes, as ``subscript(_:)`` does.
    private struct Identity: Hashable {
        let text: String

        static func == (one: Identity, other: Identity) -> Bool { one.text.isIdentical(to: other.text) }

        func hash(into hasher: inout Hasher) { hasher.combineIdentity(of: text) }
    }

    /// The caller guarantees that keys are unique; the parser has just checked it.
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

/// Two objects are equal if their members are, in any order (RFC 8259 section 4).
extension JSONObject: Hashable {
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        guard left.count == right.count else { return false }
        if zip(left.members, right.members).allSatisfy({ $0.key.isIdentical(to: $1.key) }) {
            return zip(left.members, right.members).allSatisfy { $0.value == $1.value }
        }
        let others = Dictionary(uniqueKeysWithValues: right.members.map { (Identity(text: $0.key), $0.value) })
        return left.members.allSatisfy { others[Identity(text: $0.key)] == $0.value }
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
