import JSON

/// The tools that a request offers for direct calls, that is, not from JavaScript.
struct ToolCatalogue: Sendable, Hashable {
    struct Entry: Sendable, Hashable {
        let name: String
        /// The group that the tool is offered in; a call must repeat it.
        let namespace: String?
        /// Takes free text instead of JSON arguments.
        let isCustom: Bool
    }

    let entries: [Entry]

    init(entries: [Entry] = []) { self.entries = entries }

    init(lists: [JSONValue?]) {
        entries = lists.flatMap { Self.entries(in: $0, namespace: nil) }
    }

    /// The first tool with this name, and in this namespace if one is given. Both may be spelled as in the MCP server:
    /// codex offers `echo-it` of `my-server` as `echo_it` in `mcp__my_server`.
    func entry(name: String, namespace: String? = nil) -> Entry? {
        let name = Self.identifier(name)
        let namespace = namespace.map(Self.identifier)
        return entries.first { $0.name == name && (namespace == nil || $0.namespace == namespace) }
    }

    /// A name as codex offers it, with characters replaced that an identifier cannot contain.
    static func identifier(_ name: String) -> String {
        String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "$") ? $0 : "_" })
    }

    private static func entries(in list: JSONValue?, namespace: String?) -> [Entry] {
        (list?.arrayValue ?? []).flatMap { tool -> [Entry] in
            guard let name = tool["name"]?.stringValue else { return [] }
            switch tool["type"]?.stringValue {
            case "namespace"?: return entries(in: tool["tools"], namespace: name)
            case "custom"?: return [Entry(name: name, namespace: namespace, isCustom: true)]
            case "function"?: return [Entry(name: name, namespace: namespace, isCustom: false)]
            default: return []
            }
        }
    }
}
