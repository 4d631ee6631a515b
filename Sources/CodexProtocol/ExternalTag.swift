package import JSON

extension JSONValue {
    /// `"never"` has the tag `never` and no content; `{"granular": {...}}` has the tag `granular` and content.
    package var externalTag: (tag: String?, content: JSONValue?) {
        switch self {
        case .string(let tag): return (tag, nil)
        case .object(let object) where object.count == 1:
            guard let member = object.members.first else { return (nil, nil) }
            return (member.key, member.value)
        default: return (nil, nil)
        }
    }

    package static func externallyTagged(_ tag: String, _ content: JSONValue) -> JSONValue {
        .object(JSONObject([(tag, content)]))
    }
}
