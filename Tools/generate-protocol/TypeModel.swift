import JSON

/// A Swift type to be emitted.
struct TypeDeclaration {
    var name: String
    var form: Form
    /// Types that the schema describes in place, without a name of their own.
    var nested: [TypeDeclaration] = []

    enum Form {
        case alias(TypeReference)
        case structure(Structure)
        case strings([StringCase])
        case tagged(TaggedUnion)
        case external(ExternalUnion)
        case untagged([UntaggedCase])
    }
}

/// The type of a member, an element or a payload.
indirect enum TypeReference {
    /// A type of the standard library or of `JSON`.
    case builtin(String)
    /// A definition of the schema.
    case definition(String)
    /// A type nested in the one that mentions it.
    case nested(String)
    case array(TypeReference)
    case dictionary(TypeReference)
    case optional(TypeReference)
}

struct Structure {
    var members: [Member]
    /// A union whose members lie beside those of the structure, in the same JSON object: the name of its nested type.
    var flattened: String?
}

struct Member {
    /// How absence is written.
    enum Presence {
        case required
        /// Always there, perhaps as null.
        case nullable
        case optional
    }

    var key: String
    var name: String
    var type: TypeReference
    var presence: Presence
    var defaultValue: JSONValue?
}

struct StringCase {
    var name: String
    var value: String
}

/// Objects told apart by a string member: `{"type": "active", ...}`.
struct TaggedUnion {
    struct Case {
        var name: String
        var value: String
        /// The nested type of the members beside the tag; nil when there are none.
        var payload: String?
    }

    var tag: String
    var cases: [Case]
}

/// Strings mixed with objects of one member, which names the case: `"never"`, `{"granular": {...}}`.
struct ExternalUnion {
    struct Case {
        var name: String
        var key: String
        var type: TypeReference
    }

    var strings: [StringCase]
    var objects: [Case]
}

/// An alternative without a tag, told by its JSON type and, among objects, by its members.
struct UntaggedCase {
    var name: String
    var type: TypeReference
    var kind: JSONKind
    var shapes: [ObjectShape]
}

/// The cases of `JSONValue`, by name.
enum JSONKind: String {
    case string, number, bool, array, object
}

/// What tells one kind of object from another.
struct ObjectShape {
    var required: [String]
    var optional: [String]
    /// Members that can only be certain strings.
    var constants: [(key: String, values: [String])]
}
