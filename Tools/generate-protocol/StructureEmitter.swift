extension DeclarationEmitter {
    func emit(_ structure: Structure, to writer: inout SourceWriter) {
        for member in structure.members {
            if let value = member.defaultValue { writer.documentation("Default: `\(value)`.") }
            writer.line("public var \(Naming.escaped(member.name)): \(declaredType(member))")
        }
        if let flattened = structure.flattened {
            writer.documentation("The members that only some of these objects have.")
            writer.line("public var variant: \(flattened)")
        } else {
            writer.line("public var additionalMembers: JSONObject")
        }
        writer.line()
        emitMemberwiseInitializer(structure, to: &writer)
        writer.line()
        emitReading(structure, to: &writer)
        writer.line()
        emitWriting(structure, to: &writer)
    }

    private func declaredType(_ member: Member) -> String {
        swift(member.type) + (member.presence == .required ? "" : "?")
    }

    private func emitMemberwiseInitializer(_ structure: Structure, to writer: inout SourceWriter) {
        let last = structure.flattened.map { "variant: \($0)" } ?? "additionalMembers: JSONObject = JSONObject()"
        let parameters = structure.members.map { member in
            "\(Naming.escaped(member.name)): \(declaredType(member))\(member.presence == .optional ? " = nil" : "")"
        }
        let names =
            structure.members.map { Naming.escaped($0.name) } + [
                structure.flattened == nil ? "additionalMembers" : "variant"
            ]
        if parameters.isEmpty {
            writer.line("public init(\(last)) {")
        } else {
            writer.line("public init(")
            writer.indented { writer in
                writer.lines(parameters.map { $0 + "," } + [last])
            }
            writer.line(") {")
        }
        writer.indented { writer in writer.lines(names.map { "self.\($0) = \($0)" }) }
        writer.line("}")
    }

    private func emitReading(_ structure: Structure, to writer: inout SourceWriter) {
        writer.block("public init(members: inout MemberReader) throws(ProtocolError)") { writer in
            for member in structure.members {
                let read =
                    switch member.presence {
                    case .required: "required"
                    case .nullable: "nullable"
                    case .optional: "optional"
                    }
                writer.line("\(Naming.escaped(member.name)) = try members.\(read)(\"\(member.key)\")")
            }
            if let flattened = structure.flattened {
                writer.line("variant = try \(flattened)(members: &members)")
            } else {
                writer.line("additionalMembers = members.takeRest()")
            }
        }
    }

    private func emitWriting(_ structure: Structure, to writer: inout SourceWriter) {
        writer.block("public func write(to object: inout JSONObject)") { writer in
            writer.line(structure.flattened == nil ? "object.add(additionalMembers)" : "variant.write(to: &object)")
            for member in structure.members {
                let write =
                    switch member.presence {
                    case .required: "set"
                    case .nullable: "setOrNull"
                    case .optional: "setIfPresent"
                    }
                writer.line("object.\(write)(\"\(member.key)\", \(Naming.escaped(member.name)))")
            }
        }
    }
}
