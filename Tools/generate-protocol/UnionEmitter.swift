extension DeclarationEmitter {
    func emit(_ union: TaggedUnion, to writer: inout SourceWriter) {
        let cases = union.cases.map { element in
            let payload = element.payload ?? "additionalMembers: JSONObject = JSONObject()"
            return "\(Naming.escaped(element.name))(\(payload))"
        }
        emitCases(cases, unrecognized: "JSONObject", to: &writer)
        writer.line()
        writer.block("public init(members: inout MemberReader) throws(ProtocolError)") { writer in
            writer.line("let tag = members.takeTag(\"\(union.tag)\")")
            writer.line("switch tag {")
            for element in union.cases {
                let payload =
                    element.payload.map { "try \($0)(members: &members)" } ?? "additionalMembers: members.takeRest()"
                writer.arm("case \"\(element.value)\"", "self = .\(Naming.escaped(element.name))(\(payload))")
            }
            writer.line("default: self = .unrecognized(members.takeRest(restoring: \"\(union.tag)\", tag))")
            writer.line("}")
        }
        writer.line()
        writer.block("public func write(to object: inout JSONObject)") { writer in
            writer.line("switch self {")
            for element in union.cases {
                let content = element.payload == nil ? "additionalMembers" : "content"
                writer.line("case .\(Naming.escaped(element.name))(let \(content)):")
                writer.indented { writer in
                    writer.line("object[\"\(union.tag)\"] = .string(\"\(element.value)\")")
                    writer.line(
                        element.payload == nil ? "object.add(additionalMembers)" : "content.write(to: &object)")
                }
            }
            writer.lines(["case .unrecognized(let members): object.add(members)", "}"])
        }
    }

    func emit(_ union: ExternalUnion, to writer: inout SourceWriter) {
        let strings = union.strings.map { Naming.escaped($0.name) }
        let objects = union.objects.map { "\(Naming.escaped($0.name))(\(swift($0.type)))" }
        emitCases(strings + objects, unrecognized: "JSONValue", to: &writer)
        writer.line()
        writer.block("public init(json: JSONValue) throws(ProtocolError)") { writer in
            writer.line("let (tag, content) = json.externalTag")
            writer.line("switch (tag, content) {")
            for element in union.strings {
                writer.arm("case (\"\(element.value)\", nil)", "self = .\(Naming.escaped(element.name))")
            }
            for element in union.objects {
                let payload = "try content.decode(under: \"\(element.key)\")"
                writer.arm(
                    "case (\"\(element.key)\", let content?)", "self = .\(Naming.escaped(element.name))(\(payload))")
            }
            writer.lines(["default: self = .unrecognized(json)", "}"])
        }
        writer.line()
        emitJSON(to: &writer) { writer in
            for element in union.strings {
                writer.arm("case .\(Naming.escaped(element.name))", ".string(\"\(element.value)\")")
            }
            for element in union.objects {
                let json = ".externallyTagged(\"\(element.key)\", content.json)"
                writer.arm("case .\(Naming.escaped(element.name))(let content)", json)
            }
        }
    }

    func emitJSON(to writer: inout SourceWriter, cases: (inout SourceWriter) -> Void) {
        writer.block("public var json: JSONValue") { writer in
            writer.line("switch self {")
            cases(&writer)
            writer.lines(["case .unrecognized(let json): json", "}"])
        }
    }
}
