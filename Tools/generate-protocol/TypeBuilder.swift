/// Turns definitions of the schema into Swift declarations.
struct TypeBuilder {
    let definitions: [String: Schema]

    func declaration(of name: String) throws -> TypeDeclaration {
        guard let schema = definitions[name] else { throw GeneratorError("no definition of \(name)") }
        return try declaration(Naming.typeName(name), schema)
    }

    /// The declaration of a named type, either a definition or a nested type.
    func declaration(_ name: String, _ schema: Schema) throws -> TypeDeclaration {
        var declaration = TypeDeclaration(name: name, form: .strings([]))
        let alternatives = try schema.alternatives
        if let values = try schema.enumeration {
            declaration.form = .strings(try stringCases(values, in: schema.path))
        } else if !alternatives.isEmpty, try schema.properties.isEmpty {
            try UnionBuilder(types: self).build(alternatives, of: schema, into: &declaration)
        } else if try isStructure(schema) {
            declaration.form = .structure(try structure(schema, leavingOut: nil, nested: &declaration.nested))
        } else {
            declaration.form = .alias(try reference(to: schema, hint: name, nested: &declaration.nested))
        }
        return declaration
    }

    func stringCases(_ values: [String], in path: String) throws -> [StringCase] {
        let names = try Naming.caseNames(values, in: path)
        return zip(names, values).map { StringCase(name: $0, value: $1) }
    }

    /// The type of a value. Adds types without a name to `nested`, named after `hint`.
    func reference(
        to schema: Schema, hint: String, nested: inout [TypeDeclaration]
    ) throws -> TypeReference {
        let type = try nonNullReference(to: schema, hint: hint, nested: &nested)
        return try isNullable(schema) ? .optional(type) : type
    }

    /// The same, for a member whose presence determines whether it is optional.
    func nonNullReference(
        to schema: Schema, hint: String, nested: inout [TypeDeclaration]
    ) throws -> TypeReference {
        if let name = schema.reference { return .definition(name) }
        let wrapped = try schema.allOf + schema.alternatives.filter { $0.types != [] || !$0.allowsNull }
        if try wrapped.count == 1 && schema.properties.isEmpty {
            return try nonNullReference(to: wrapped[0], hint: hint, nested: &nested)
        }
        if try needsName(schema) {
            let name = Naming.payloadName(Naming.typeName(hint))
            nested.append(try declaration(name, schema))
            return .nested(name)
        }
        switch schema.types {
        case []: return .builtin("JSONValue")
        case ["string"]: return .builtin("String")
        case ["boolean"]: return .builtin("Bool")
        case ["integer"]: return .builtin(try integer(schema))
        case ["number"]: return .builtin("JSONNumber")
        case ["array"]:
            guard let items = try schema.items else { return .array(.builtin("JSONValue")) }
            return .array(try reference(to: items, hint: hint, nested: &nested))
        case ["object"]:
            guard let values = try schema.additionalProperties else { return .builtin("JSONObject") }
            let value = try reference(to: values, hint: hint, nested: &nested)
            if case .builtin("JSONValue") = value { return .builtin("JSONObject") }
            return .dictionary(value)
        default: throw GeneratorError("\(schema.path): the types \(schema.types) together")
        }
    }

    func isNullable(_ schema: Schema) throws -> Bool {
        try schema.allowsNull || schema.alternatives.contains { $0.types.isEmpty && $0.allowsNull }
    }

    private func needsName(_ schema: Schema) throws -> Bool {
        if try schema.enumeration != nil || !schema.alternatives.isEmpty { return true }
        return try !schema.properties.isEmpty
    }

    /// Includes objects without properties: they hold members that a later version may add.
    private func isStructure(_ schema: Schema) throws -> Bool {
        guard schema.types == ["object"], !schema.allowsNull else { return false }
        return try !schema.properties.isEmpty || schema.additionalProperties == nil
    }

    private func integer(_ schema: Schema) throws -> String {
        let names = [
            "int32": "Int32", "int64": "Int64", "uint": "UInt64", "uint8": "UInt8", "uint16": "UInt16",
            "uint32": "UInt32", "uint64": "UInt64",
        ]
        guard let name = names[schema.format ?? "int64"] else {
            throw GeneratorError("\(schema.path): integers of format \(schema.format ?? "")")
        }
        return name
    }
}
