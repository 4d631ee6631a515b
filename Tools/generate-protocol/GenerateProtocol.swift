import Foundation

/// `generate-protocol SCHEMA_DIR SOURCES_DIR`: Swift types from the output of `codex app-server generate-json-schema`.
@main
struct GenerateProtocol {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst().map { URL(filePath: $0) }
        guard arguments.count == 2 else { fail("usage: generate-protocol SCHEMA_DIR SOURCES_DIR") }
        do {
            let files = try SourceFiles(types: TypeBuilder(definitions: try SchemaReader.definitions(in: arguments[0])))
            for module in ProtocolModule.allCases {
                let directory = arguments[1].appending(path: "\(module.rawValue)/Generated")
                try OutputDirectory(url: directory, module: module).write(files.texts(of: module))
            }
        } catch {
            fail("generate-protocol: \(error)")
        }
    }

    private static func fail(_ message: String) -> Never {
        FileHandle.standardError.write(Data((message + "\n").utf8))
        exit(1)
    }
}
