package import JSON

extension JSONObject {
    package mutating func set(_ key: String, _ value: some ProtocolValue) { self[key] = value.json }

    package mutating func setOrNull(_ key: String, _ value: (some ProtocolValue)?) { self[key] = value?.json ?? .null }

    package mutating func setIfPresent(_ key: String, _ value: (some ProtocolValue)?) {
        if let value { self[key] = value.json }
    }

    /// Adds members that are not there yet: what is declared goes before what is additional.
    package mutating func add(_ others: JSONObject) {
        guard !isEmpty else { return self = others }
        for (key, value) in others.members where self[key] == nil { self[key] = value }
    }
}
