import JSON

/// A Swift type to be emitted.
struct TypeDeclaration {
    var name: String
    var form: Form
    /// Types that the schema declares inline, without a name.
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
    /// A type nested in the type that refers to it.
    case nested(String)
    case array(TypeReference)
    case dictionary(TypeReference)
    case optional(TypeReference)
}

struct Structure {
    var members: [Member]
    /// The nested type of a union whose members are in the same JSON object as those of the structure.
    var flattened: String?
}

struct Member {
    /// How a missing value is written.
    enum Presence {
        case required
        /// Always present, possibly as null.
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

/// Objects distinguished by a string member: `{"type": "active", ...}`.
struct TaggedUnion {
    struct Case {
        var name: String
        var value: String
        /// The nested type of the members beside the tag; nil if there are none.
        var payload: String?
    }

    var tag: String
    var cases: [Case]
}

/// Strings mixed with objects with one member, which names the case: `"never"`, `{"granular": {...}}`.
struct ExternalUnion {
    struct Case {
        var name: String
        var key: String
        var type: TypeReference
    }

    var strings: [StringCase]
    var objects: [Case]
}

/// An alternative without a tag, identified by its JSON type and, among objects, by its members.
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

/// The members that distinguish one kind of object from another.
struct ObjectShape {
    var required: [String]
    var optional: [String]
    /// Members restricted to certain strings.
    var constants: [(key: String, values: [String])]
}
