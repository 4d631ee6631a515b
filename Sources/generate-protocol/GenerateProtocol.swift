import Foundation

/// `generate-protocol SCHEMA_DIR OUTPUT_DIR`: Swift types from what `codex app-server generate-json-schema` wrote.
@main
struct GenerateProtocol {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst().map { URL(filePath: $0) }
        guard arguments.count == 2 else { fail("usage: generate-protocol SCHEMA_DIR OUTPUT_DIR") }
        do {
            let types = TypeBuilder(definitions: try SchemaReader.definitions(in: arguments[0]))
            try OutputDirectory(url: arguments[1]).write(try files(types))
        } catch {
            fail("generate-protocol: \(error)")
        }
    }

    /// The text of each file, by name: one per direction, one for what
    /// clients' params may hold, and one for all types whose names share the first two words.
    private static func files(_ types: TypeBuilder) throws -> [String: String] {
        var writers: [String: SourceWriter] = [:]
        for message in try MethodBuilder(types: types).messages() {
            MethodEmitter(message).emit(to: &writers["\(message.name).swift", default: SourceWriter()])
            guard message.name == "ClientRequest" else { continue }
            try LeafEmitter(types: types).emit(
                message, to: &writers["\(message.name)+Leaves.swift", default: SourceWriter()])
        }
        for name in types.definitions.keys.sorted() where !MethodBuilder.unions.contains(name) {
            let group = Naming.camelWords(name).prefix(2).joined()
            var writer = writers["\(group).swift"] ?? SourceWriter()
            if !writer.text.isEmpty { writer.line() }
            DeclarationEmitter().emit(try types.declaration(of: name), to: &writer)
            writers["\(group).swift"] = writer
        }
        return writers.mapValues(\.text)
    }

    private static func fail(_ message: String) -> Never {
        FileHandle.standardError.write(Data((message + "\n").utf8))
        exit(1)
    }
}
