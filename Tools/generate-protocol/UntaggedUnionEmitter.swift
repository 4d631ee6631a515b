extension DeclarationEmitter {
    func emit(_ cases: [UntaggedCase], to writer: inout SourceWriter) {
        let declarations = cases.map { "\(Naming.escaped($0.name))(\(swift($0.type)))" }
        emitCases(declarations, unrecognized: "JSONValue", to: &writer)
        writer.line()
        let objects = cases.filter { $0.kind == .object }
        writer.block("public init(json: JSONValue) throws(ProtocolError)") { writer in
            writer.line("switch json {")
            for element in cases where element.kind != .object || objects.count == 1 {
                writer.arm("case .\(element.kind.rawValue)", assignment(element))
            }
            if objects.count > 1 { emitChoice(among: objects, to: &writer) }
            writer.lines(["default: self = .unrecognized(json)", "}"])
        }
        writer.line()
        emitJSON(to: &writer) { writer in
            for element in cases { writer.arm("case .\(Naming.escaped(element.name))(let content)", "content.json") }
        }
        if objects.count > 1 {
            writer.line()
            emitShapes(objects, to: &writer)
        }
    }

    private func emitChoice(among objects: [UntaggedCase], to writer: inout SourceWriter) {
        writer.line("case .object(let object):")
        writer.indented { writer in
            writer.line("switch ObjectShape.choice(for: object, among: Self.shapes) {")
            for (index, element) in objects.enumerated() {
                writer.arm("case \(index)", assignment(element))
            }
            writer.lines(["default: self = .unrecognized(json)", "}"])
        }
    }

    private func assignment(_ element: UntaggedCase) -> String {
        "self = .\(Naming.escaped(element.name))(try \(swift(element.type))(json: json))"
    }

    private func emitShapes(_ objects: [UntaggedCase], to writer: inout SourceWriter) {
        writer.line("private static let shapes: [ObjectShape] = [")
        writer.indented { writer in
            for (index, element) in objects.enumerated() {
                for shape in element.shapes {
                    writer.line("ObjectShape(")
                    writer.indented { writer in
                        writer.line("alternative: \(index),")
                        writer.line("required: \(strings(shape.required)),")
                        writer.line("optional: \(strings(shape.optional)),")
                        writer.line("constants: \(constants(shape.constants))")
                    }
                    writer.line("),")
                }
            }
        }
        writer.line("]")
    }

    private func constants(_ constants: [(key: String, values: [String])]) -> String {
        let entries = constants.map { "\"\($0.key)\": \(strings($0.values))" }
        return entries.isEmpty ? "[:]" : "[\(entries.joined(separator: ", "))]"
    }

    private func strings(_ values: [String]) -> String {
        "[\(values.map { "\"\($0)\"" }.joined(separator: ", "))]"
    }
}
