/// The files of each module. Per direction: the envelope of its messages with the methods' names, the methods' params
/// and results, and the leaves of clients' params. The types that the server uses are in one file; the others are
/// grouped into files by the first two words of their names.
struct SourceFiles {
    private let types: TypeBuilder
    private let used: Set<String>
    private var writers: [ProtocolModule: [String: SourceWriter]] = [:]

    init(types: TypeBuilder) throws {
        self.types = types
        let messages = try MethodBuilder(types: types).messages()
        let envelopes = messages.flatMap(\.envelope).compactMap(\.type.definition)
        used = try Closure(of: ProtocolModule.roots.union(envelopes), types: types).names
        for message in messages { try add(message) }
        for name in types.definitions.keys.sorted() where !MethodBuilder.unions.contains(name) {
            try add(definition: name)
        }
    }

    /// The texts by file name.
    func texts(of module: ProtocolModule) -> [String: String] { writers[module, default: [:]].mapValues(\.text) }

    private mutating func add(_ message: MessageUnion) throws {
        let emitter = MethodEmitter(message, used: used)
        emitter.emitEnvelope(to: &self[.used, message.name])
        emitter.emitDefinitions(to: &self[.full, "\(message.name)+Definitions"])
        guard message.name == "ClientRequest" else { return }
        try LeafEmitter(types: types).emit(message, to: &self[.used, "\(message.name)+Leaves"])
    }

    private mutating func add(definition name: String) throws {
        let module: ProtocolModule = used.contains(name) ? .used : .full
        let file = module == .used ? "Types" : Naming.camelWords(name).prefix(2).joined()
        if !self[module, file].text.isEmpty { self[module, file].line() }
        DeclarationEmitter(used: used).emit(try types.declaration(of: name), to: &self[module, file])
    }

    private subscript(module: ProtocolModule, file: String) -> SourceWriter {
        get { writers[module]?["\(file).swift"] ?? SourceWriter() }
        set { writers[module, default: [:]]["\(file).swift"] = newValue }
    }
}
