extension UnionBuilder {
    /// Alternatives distinguished by JSON type and, if several are objects, by their members.
    func untagged(
        _ alternatives: [Schema], owner: String, nested: inout [TypeDeclaration]
    ) throws -> [UntaggedCase] {
        var cases: [UntaggedCase] = []
        for alternative in alternatives {
            let shapes = try shapes(of: alternative)
            let kind = try kind(of: alternative)
            let name = try name(of: alternative, among: alternatives, kind: kind, owner: owner)
            let type = try types.reference(to: alternative, hint: name, nested: &nested)
            cases.append(UntaggedCase(name: name, type: type, kind: kind, shapes: shapes))
        }
        let scalars = cases.filter { $0.kind != .object }.map(\.kind)
        guard Set(cases.map(\.name)).count == cases.count, Set(scalars).count == scalars.count else {
            throw GeneratorError("\(owner): alternatives that cannot be told apart")
        }
        return cases
    }

    /// A definition's case name is its name without the words that it shares with the union's name:
    /// `McpElicitationStringSchema` in `McpElicitationPrimitiveSchema` becomes `stringSchema`. An object without a name
    /// is named after the member that only it requires, a scalar after its type.
    private func name(of schema: Schema, among all: [Schema], kind: JSONKind, owner: String) throws -> String {
        if let reference = schema.reference {
            let words = Naming.camelWords(reference)
            let shared = zip(words, Naming.camelWords(owner)).prefix { $0 == $1 }.count
            let own = words.dropFirst(shared).joined()
            return Naming.decapitalized(own.isEmpty ? reference : own)
        }
        guard kind == .object else { return kind.rawValue }
        let others = all.filter { $0.path != schema.path }
        let own = schema.required.sorted().first { key in !others.contains { $0.required.contains(key) } }
        guard let own else { throw GeneratorError("\(schema.path): an alternative without a name") }
        return Naming.memberName(own)
    }

    private func kind(of schema: Schema) throws -> JSONKind {
        let target = try definition(of: schema)
        if let inner = try target.alternatives.first { return try kind(of: inner) }
        switch target.types {
        case ["string"]: return .string
        case ["integer"], ["number"]: return .number
        case ["boolean"]: return .bool
        case ["array"]: return .array
        case ["object"]: return .object
        default: throw GeneratorError("\(schema.path): an alternative of no single JSON type")
        }
    }

    /// The shapes of an object alternative: several if it is itself a union.
    private func shapes(of schema: Schema) throws -> [ObjectShape] {
        let target = try definition(of: schema)
        let inner = try target.alternatives
        if !inner.isEmpty { return try inner.flatMap { try shapes(of: $0) } }
        guard target.types == ["object"] else { return [] }
        let properties = try target.properties
        let constants = try properties.compactMap { property -> (key: String, values: [String])? in
            guard target.required.contains(property.name) else { return nil }
            return try definition(of: property.schema).enumeration.map { (property.name, $0) }
        }
        return [
            ObjectShape(
                required: target.required.sorted(),
                optional: properties.map(\.name).filter { !target.required.contains($0) }, constants: constants)
        ]
    }

    private func definition(of schema: Schema) throws -> Schema {
        guard let name = schema.reference else { return schema }
        guard let definition = types.definitions[name] else { throw GeneratorError("no definition of \(name)") }
        return definition
    }
}
