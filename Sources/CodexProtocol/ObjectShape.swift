package import JSON

/// The members that distinguish the object alternatives of an untagged union.
package struct ObjectShape: Sendable {
    let alternative: Int
    let required: [String]
    let optional: [String]
    /// Members restricted to certain strings.
    let constants: [String: [String]]

    package init(alternative: Int, required: [String], optional: [String], constants: [String: [String]]) {
        self.alternative = alternative
        self.required = required
        self.optional = optional
        self.constants = constants
    }

    /// The first alternative that matches and knows all members; otherwise, since a later version may have added a
    /// member, the first that matches.
    package static func choice(for object: JSONObject, among shapes: [ObjectShape]) -> Int? {
        let fitting = shapes.filter { $0.fits(object) }
        return (fitting.first { $0.knowsAll(of: object) } ?? fitting.first)?.alternative
    }

    private func fits(_ object: JSONObject) -> Bool {
        required.allSatisfy { object[$0] != nil }
            && constants.allSatisfy { key, values in object[key]?.stringValue.map(values.contains) ?? false }
    }

    private func knowsAll(of object: JSONObject) -> Bool {
        object.keys.allSatisfy { required.contains($0) || optional.contains($0) }
    }
}
