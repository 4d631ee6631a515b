extension TypeBuilder {
    /// The members of an object, without the tag if the object is a case of a union.
    func structure(
        _ schema: Schema, leavingOut tag: String?, nested: inout [TypeDeclaration]
    ) throws -> Structure {
        var members = try schema.properties.filter { $0.name != tag }
            .map { try member($0.name, $0.schema, isRequired: schema.required.contains($0.name), nested: &nested) }
        var flattened: String?
        let alternatives = try schema.alternatives
        if !alternatives.isEmpty {
            if try UnionBuilder.tag(of: alternatives) != nil {
                var union = TypeDeclaration(name: "Variant", form: .strings([]))
                try UnionBuilder(types: self).build(alternatives, of: schema, into: &union)
                nested.append(union)
                flattened = union.name
            } else {
                members += try mergedMembers(alternatives, nested: &nested)
            }
        }
        try checkNames(members, in: schema)
        return Structure(members: members.sorted { $0.key < $1.key }, flattened: flattened)
    }

    /// "Either `url` or `fileId`" becomes two optional members.
    private func mergedMembers(_ alternatives: [Schema], nested: inout [TypeDeclaration]) throws -> [Member] {
        var members: [String: Member] = [:]
        for alternative in alternatives {
            for (name, property) in try alternative.properties where members[name] == nil {
                let isRequired = alternatives.allSatisfy { $0.required.contains(name) }
                members[name] = try member(name, property, isRequired: isRequired, nested: &nested)
            }
        }
        return Array(members.values)
    }

    private func member(
        _ key: String, _ schema: Schema, isRequired: Bool, nested: inout [TypeDeclaration]
    ) throws -> Member {
        let presence: Member.Presence =
            if !isRequired { .optional } else if try isNullable(schema) { .nullable } else { .required }
        return Member(
            key: key, name: Naming.memberName(key),
            type: try nonNullReference(to: schema, hint: key, nested: &nested), presence: presence,
            defaultValue: schema.defaultValue)
    }

    private func checkNames(_ members: [Member], in schema: Schema) throws {
        let names = members.map(\.name) + ["additionalMembers", "variant"]
        guard Set(names).count == names.count else {
            throw GeneratorError("\(schema.path): two members of one name among \(names)")
        }
    }
}
