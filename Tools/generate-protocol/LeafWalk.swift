/// Finds the members that a client can write into the params of a method: every member that is a string or may be any
/// value, in all alternatives. Numbers, booleans and enumeration values are left out because they cannot name anything.
struct LeafWalk {
    /// `input[]<localImage>.path`: `[]` stands for each element, `{}` for each entry, `<…>` for the case of a union.
    struct Leaf: Hashable {
        var member: String
        /// The name of the definition, or `string`; `any` for any JSON.
        var type: String
    }

    let definitions: [String: Schema]

    func leaves(of schema: Schema) throws -> [Leaf] {
        var leaves: [Leaf] = []
        try walk(schema, "", within: [], to: &leaves)
        var seen: Set<Leaf> = []
        return leaves.filter { seen.insert($0).inserted }
    }

    private func walk(_ schema: Schema, _ member: String, within: [String], to leaves: inout [Leaf]) throws {
        if let name = schema.reference {
            guard let definition = definitions[name] else { throw GeneratorError("no definition of \(name)") }
            // A recursive type: its members cannot be listed completely.
            if within.contains(name) { return leaves.append(Leaf(member: member, type: "any")) }
            if definition.types == ["string"] {
                if try definition.enumeration == nil { leaves.append(Leaf(member: member, type: name)) }
                return
            }
            return try walk(definition, member, within: within + [name], to: &leaves)
        }
        let alternatives = try schema.alternatives + schema.allOf
        for alternative in alternatives {
            let tag = try tag(of: alternative).map { "<\($0)>" } ?? ""
            let count = leaves.count
            try walk(alternative, member + tag, within: within, to: &leaves)
            // A case without leaves is listed too, so that it is not overlooked.
            if !tag.isEmpty, leaves.count == count { leaves.append(Leaf(member: member + tag, type: "case")) }
        }
        if schema.types.contains("string"), try schema.enumeration == nil {
            leaves.append(Leaf(member: member, type: "string"))
        }
        if schema.types.contains("array") { try walkElements(schema, member, within, &leaves) }
        try walkMembers(schema, member, within, &leaves, isOpen: alternatives.isEmpty)
    }

    private func walkElements(_ schema: Schema, _ member: String, _ within: [String], _ leaves: inout [Leaf]) throws {
        guard let items = try schema.items else { return leaves.append(Leaf(member: member + "[]", type: "any")) }
        try walk(items, member + "[]", within: within, to: &leaves)
    }

    private func walkMembers(
        _ schema: Schema, _ member: String, _ within: [String], _ leaves: inout [Leaf], isOpen: Bool
    ) throws {
        let properties = try schema.properties
        for property in properties where try !isTag(property) {
            let name = member.isEmpty ? property.name : "\(member).\(property.name)"
            try walk(property.schema, name, within: within, to: &leaves)
        }
        if let entries = try schema.additionalProperties {
            try walk(entries, member + "{}", within: within, to: &leaves)
        }
        let isAnything =
            try schema.types.isEmpty && !schema.allowsNull && properties.isEmpty && schema.enumeration == nil
        let isAnyObject = try schema.types == ["object"] && properties.isEmpty && schema.additionalProperties == nil
        // Params without members are not listed.
        if isOpen, !member.isEmpty, isAnything || isAnyObject {
            leaves.append(Leaf(member: member, type: "any"))
        }
    }

    private func isTag(_ property: (name: String, schema: Schema)) throws -> Bool {
        try property.name == "type" && property.schema.enumeration?.count == 1
    }

    private func tag(of schema: Schema) throws -> String? {
        try schema.properties.first(where: isTag)?.schema.enumeration?.first
    }
}
