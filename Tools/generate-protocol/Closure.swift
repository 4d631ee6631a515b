/// Definitions and all definitions that they refer to.
struct Closure {
    let types: TypeBuilder
    private(set) var names: Set<String> = []

    init(of roots: Set<String>, types: TypeBuilder) throws {
        self.types = types
        for root in roots { try add(root) }
    }

    private mutating func add(_ name: String) throws {
        guard names.insert(name).inserted else { return }
        for mentioned in try types.declaration(of: name).mentioned { try add(mentioned) }
    }
}

extension TypeDeclaration {
    /// The definitions that this type and its nested types refer to.
    var mentioned: Set<String> {
        let own: [TypeReference] =
            switch form {
            case .alias(let type): [type]
            case .structure(let structure): structure.members.map(\.type)
            // The payloads of a tagged union are nested types.
            case .strings, .tagged: []
            case .external(let union): union.objects.map(\.type)
            case .untagged(let cases): cases.map(\.type)
            }
        return nested.reduce(into: Set(own.compactMap(\.definition))) { $0.formUnion($1.mentioned) }
    }
}

extension TypeReference {
    /// The referenced definition, possibly wrapped in an array, dictionary or optional.
    var definition: String? {
        switch self {
        case .builtin, .nested: nil
        case .definition(let name): name
        case .array(let type), .dictionary(let type), .optional(let type): type.definition
        }
    }
}
