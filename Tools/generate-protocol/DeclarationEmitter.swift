/// Emits a type and its nested types.
struct DeclarationEmitter {
    /// The names of the definitions in the server's module.
    let used: Set<String>
    /// The names of nested types in the enclosing types; they hide definitions with the same name.
    var scope: Set<String> = []

    func emit(_ declaration: TypeDeclaration, to writer: inout SourceWriter) {
        var inner = self
        inner.scope.formUnion(declaration.nested.map(\.name))
        if case .alias(let type) = declaration.form {
            return writer.line("public typealias \(declaration.name) = \(inner.swift(type))")
        }
        writer.block(head(declaration)) { writer in
            switch declaration.form {
            case .alias: break
            case .structure(let structure): inner.emit(structure, to: &writer)
            case .strings(let cases): inner.emit(cases, to: &writer)
            case .tagged(let union): inner.emit(union, to: &writer)
            case .external(let union): inner.emit(union, to: &writer)
            case .untagged(let cases): inner.emit(cases, to: &writer)
            }
            for nested in declaration.nested {
                writer.line()
                inner.emit(nested, to: &writer)
            }
        }
    }

    private func head(_ declaration: TypeDeclaration) -> String {
        switch declaration.form {
        case .alias, .structure: "public struct \(declaration.name): ProtocolObject"
        case .strings: "public enum \(declaration.name): StringEnumeration"
        // Indirect, since payload sizes differ a lot and a later union may contain itself.
        case .tagged: "public indirect enum \(declaration.name): ProtocolObject"
        case .external, .untagged: "public indirect enum \(declaration.name): ProtocolValue"
        }
    }

    /// The type in Swift syntax.
    func swift(_ type: TypeReference) -> String {
        switch type {
        case .builtin(let name), .nested(let name): name
        case .definition(let name): scope.contains(name) ? "\(module(of: name)).\(name)" : Naming.typeName(name)
        case .array(let element): "[\(swift(element))]"
        case .dictionary(let value): "[String: \(swift(value))]"
        case .optional(let wrapped): "\(swift(wrapped))?"
        }
    }

    private func module(of definition: String) -> String {
        (used.contains(definition) ? ProtocolModule.used : .full).rawValue
    }

    func emit(_ cases: [StringCase], to writer: inout SourceWriter) {
        emitCases(cases.map { Naming.escaped($0.name) }, unrecognized: "String", to: &writer)
        writer.line()
        writer.block("public init(rawValue: String)") { writer in
            writer.line("switch rawValue {")
            for element in cases { writer.arm("case \"\(element.value)\"", "self = .\(Naming.escaped(element.name))") }
            writer.lines(["default: self = .unrecognized(rawValue)", "}"])
        }
        writer.line()
        writer.block("public var rawValue: String") { writer in
            writer.line("switch self {")
            for element in cases { writer.arm("case .\(Naming.escaped(element.name))", "\"\(element.value)\"") }
            writer.lines(["case .unrecognized(let rawValue): rawValue", "}"])
        }
    }

    func emitCases(_ cases: [String], unrecognized: String, to writer: inout SourceWriter) {
        writer.lines(cases.map { "case \($0)" })
        writer.documentation("What this version of the protocol does not know.")
        writer.line("case unrecognized(\(unrecognized))")
    }
}
