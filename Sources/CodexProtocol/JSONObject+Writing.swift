package import JSON

extension JSONObject {
    package mutating func set(_ key: String, _ value: some ProtocolValue) { self[key] = value.json }

    package mutating func setOrNull(_ key: String, _ value: (some ProtocolValue)?) { self[key] = value?.json ?? .null }

    package mutating func setIfPresent(_ key: String, _ value: (some ProtocolValue)?) {
        if let value { self[key] = value.json }
    }

    /// Adds only absent members: declared members take precedence over additional ones.
    package mutating func add(_ others: JSONObject) {
        guard !isEmpty else { return self = others }
        for (key, value) in others.members where self[key] == nil { self[key] = value }
    }
}
