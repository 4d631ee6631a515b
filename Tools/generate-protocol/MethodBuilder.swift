/// Reads the message unions, one per direction.
struct MethodBuilder {
    static let unions = ["ClientNotification", "ClientRequest", "ServerNotification", "ServerRequest"]

    let types: TypeBuilder

    func messages() throws -> [MessageUnion] {
        var responses = ResponseNames(definitions: Set(types.definitions.keys))
        let messages = try Self.unions.map { try message($0, responses: &responses) }
        try responses.checkAllClaimed()
        return messages
    }

    private func message(_ name: String, responses: inout ResponseNames) throws -> MessageUnion {
        guard let schema = types.definitions[name] else { throw GeneratorError("no definition of \(name)") }
        let isRequest = name.hasSuffix("Request")
        var methods: [Method] = []
        for variant in try schema.alternatives {
            let method = try method(variant)
            let result = isRequest ? try responses.response(to: method) : nil
            methods.append(
                Method(name: method.name, params: method.params, result: result.map(TypeReference.definition)))
        }
        methods.sort { $0.name < $1.name }
        guard Set(methods.map(\.typeName)).count == methods.count else {
            throw GeneratorError("\(name): methods of one name")
        }
        return MessageUnion(
            name: name, isRequest: isRequest, envelope: try envelope(schema, isRequest: isRequest), methods: methods)
    }

    private func method(_ variant: Schema) throws -> Method {
        let properties = Dictionary(uniqueKeysWithValues: try variant.properties.map { ($0.name, $0.schema) })
        guard let name = try properties["method"]?.enumeration?.first,
            Set(properties.keys).isSubset(of: ["id", "method", "params"])
        else {
            throw GeneratorError("\(variant.path): not a message")
        }
        guard let params = properties["params"], params.types != [] || !params.allowsNull else {
            return Method(name: name, params: .builtin("NoParams"))
        }
        var nested: [TypeDeclaration] = []
        let type = try types.reference(to: params, hint: "Params", nested: &nested)
        guard nested.isEmpty else { throw GeneratorError("\(params.path): params without a name") }
        return Method(name: name, params: type)
    }

    private func envelope(_ schema: Schema, isRequest: Bool) throws -> [Member] {
        var nested: [TypeDeclaration] = []
        var members = try types.structure(try schema.withoutAlternatives, leavingOut: nil, nested: &nested).members
        if isRequest {
            members.append(Member(key: "id", name: "id", type: .definition("RequestId"), presence: .required))
        }
        members.append(Member(key: "method", name: "method", type: .builtin("String"), presence: .required))
        members.append(Member(key: "params", name: "params", type: .builtin("JSONValue"), presence: .optional))
        return members
    }
}
