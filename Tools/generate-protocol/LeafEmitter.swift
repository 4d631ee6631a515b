/// Emits the members that clients can write into the params of each method, as a text with one line for each member.
/// Tests check the role rules against it.
struct LeafEmitter {
    let types: TypeBuilder

    private static let explanation = [
        "Every member of a method's params that is a string or may be any JSON, as a path through the params: `[]` is",
        "each element, `{}` each entry, `<…>` a case of a union. A line each: method, member and type.",
    ]

    func emit(_ union: MessageUnion, to writer: inout SourceWriter) throws {
        let walk = LeafWalk(definitions: types.definitions)
        let lines = try union.methods.flatMap { method in
            try schema(of: method.params).map { try walk.leaves(of: $0) }?.map { leaf in
                "\(method.name) \(leaf.member) \(leaf.type)"
            } ?? []
        }
        writer.block("extension \(union.name)") { writer in
            for line in Self.explanation { writer.documentation(line) }
            writer.line("public static let paramLeaves = \"\"\"")
            writer.indented { writer in
                writer.lines(lines)
                writer.line("\"\"\"")
            }
        }
    }

    private func schema(of params: TypeReference) throws -> Schema? {
        switch params {
        case .definition(let name): types.definitions[name]
        case .optional(let wrapped): try schema(of: wrapped)
        case .builtin: nil
        default: throw GeneratorError("params that are neither a definition nor nothing")
        }
    }
}
