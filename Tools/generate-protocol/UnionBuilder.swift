/// Recognises the kind of a union and builds it.
struct UnionBuilder {
    let types: TypeBuilder

    func build(_ all: [Schema], of schema: Schema, into declaration: inout TypeDeclaration) throws {
        let alternatives = all.filter { !($0.types.isEmpty && $0.allowsNull) }
        if alternatives.count == 1, alternatives[0].reference != nil {
            declaration.form = .alias(try types.reference(to: schema, hint: "", nested: &declaration.nested))
        } else if try alternatives.allSatisfy({ try $0.enumeration != nil }) {
            declaration.form = .strings(try strings(alternatives, in: schema))
        } else if let tag = try Self.tag(of: alternatives) {
            declaration.form = .tagged(try tagged(alternatives, by: tag, in: schema, nested: &declaration.nested))
        } else if try alternatives.allSatisfy({ try isExternal($0) }) {
            declaration.form = .external(try external(alternatives, in: schema, nested: &declaration.nested))
        } else {
            declaration.form = .untagged(
                try untagged(alternatives, owner: declaration.name, nested: &declaration.nested))
        }
    }

    /// The member that every alternative requires and restricts to one string.
    static func tag(of alternatives: [Schema]) throws -> String? {
        var candidates: Set<String>?
        for alternative in alternatives {
            let fixed = try alternative.properties.filter { property in
                try property.schema.enumeration?.count == 1 && alternative.required.contains(property.name)
            }
            let names = Set(fixed.map(\.name))
            candidates = candidates?.intersection(names) ?? names
        }
        return candidates?.min()
    }

    private func strings(_ alternatives: [Schema], in schema: Schema) throws -> [StringCase] {
        try types.stringCases(try alternatives.flatMap { try $0.enumeration ?? [] }, in: schema.path)
    }

    private func tagged(
        _ alternatives: [Schema], by tag: String, in schema: Schema, nested: inout [TypeDeclaration]
    ) throws -> TaggedUnion {
        let values = try alternatives.map { alternative in
            try alternative.properties.first { $0.name == tag }?.schema.enumeration?.first ?? ""
        }
        let names = try Naming.caseNames(values, in: schema.path)
        var union = TaggedUnion(tag: tag, cases: [])
        for (index, alternative) in alternatives.enumerated() {
            var payload = TypeDeclaration(name: Naming.payloadName(names[index]), form: .strings([]))
            let structure = try types.structure(alternative, leavingOut: tag, nested: &payload.nested)
            payload.form = .structure(structure)
            let hasPayload = !structure.members.isEmpty || structure.flattened != nil
            if hasPayload { nested.append(payload) }
            union.cases.append(
                TaggedUnion.Case(
                    name: names[index], value: values[index], payload: hasPayload ? payload.name : nil))
        }
        return union
    }

    /// A string, an object with one member, or "anything else", which the case `unrecognized` covers.
    private func isExternal(_ schema: Schema) throws -> Bool {
        if try schema.enumeration != nil { return true }
        let properties = try schema.properties
        let isAnything = properties.isEmpty && schema.types == ["string", "object"]
        return isAnything || properties.count == 1 && schema.required == [properties[0].name]
    }

    private func external(
        _ alternatives: [Schema], in schema: Schema, nested: inout [TypeDeclaration]
    ) throws -> ExternalUnion {
        let strings = try strings(alternatives, in: schema)
        var objects: [ExternalUnion.Case] = []
        for alternative in alternatives {
            guard let (key, content) = try alternative.properties.first else { continue }
            let name = Naming.memberName(key)
            let type = try types.reference(to: content, hint: name, nested: &nested)
            objects.append(ExternalUnion.Case(name: name, key: key, type: type))
        }
        let names = strings.map(\.name) + objects.map(\.name)
        guard Set(names).count == names.count else {
            throw GeneratorError("\(schema.path): cases of one name in \(names)")
        }
        return ExternalUnion(strings: strings, objects: objects)
    }
}
