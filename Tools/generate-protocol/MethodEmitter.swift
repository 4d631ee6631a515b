/// Emits the envelope of a direction's messages and its methods.
struct MethodEmitter {
    let union: MessageUnion

    private let types: DeclarationEmitter

    init(_ union: MessageUnion, used: Set<String>) {
        self.union = union
        types = DeclarationEmitter(used: used, scope: Set(union.methods.map(\.typeName)))
    }

    /// Emits the envelope and the names of the methods.
    func emitEnvelope(to writer: inout SourceWriter) {
        let kind = union.isRequest ? "request" : "notification"
        let sender = union.name.hasPrefix("Client") ? "client" : "server"
        let envelope = TypeDeclaration(name: union.name, form: .structure(Structure(members: union.envelope)))
        writer.documentation("A \(kind) of the \(sender), its params not decoded yet.")
        types.emit(envelope, to: &writer)
        writer.line()
        writer.block("extension \(union.name)") { writer in emitNames(to: &writer) }
    }

    /// Emits the params and results of each method.
    func emitDefinitions(to writer: inout SourceWriter) {
        writer.block("extension \(union.name)") { writer in
            emitTable(to: &writer)
            for method in union.methods {
                writer.line()
                emit(method, to: &writer)
            }
        }
    }

    private var definition: String { union.isRequest ? "RequestDefinition" : "NotificationDefinition" }

    private func emitNames(to writer: inout SourceWriter) {
        writer.block("public enum Method: String, Sendable, Hashable, CaseIterable") { writer in
            for method in union.methods {
                let name = Naming.escaped(method.caseName)
                writer.line(method.caseName == method.name ? "case \(name)" : "case \(name) = \"\(method.name)\"")
            }
        }
    }

    private func emitTable(to writer: inout SourceWriter) {
        writer.documentation("Every method, in the order of `Method.allCases`.")
        let types = union.methods.map { "\($0.typeName).self" }
        let head = "public static let definitions: [any \(definition)<Method>.Type] = ["
        if types.count == 1 { return writer.line(head + types[0] + "]") }
        writer.line(head)
        writer.indented { writer in writer.lines(types.map { $0 + "," }) }
        writer.line("]")
    }

    private func emit(_ method: Method, to writer: inout SourceWriter) {
        writer.block("public enum \(method.typeName): \(definition)") { writer in
            writer.line("public static var method: Method { .\(Naming.escaped(method.caseName)) }")
            writer.line("public typealias Params = \(types.swift(method.params))")
            if let result = method.result { writer.line("public typealias Result = \(types.swift(result))") }
        }
    }
}
