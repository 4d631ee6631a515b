import JSON

/// A call to one of the codex tools by which agents address each other.
struct AgentTool: Sendable, Hashable {
    /// The threads that the call names, in codex's own spelling. A name that is not a thread id refers to an agent in
    /// the caller's own tree.
    let addressees: [String]

    /// How many agents a call may address. Each is stored.
    static let maximumAddressees = 64

    static let names: Set<String> = [
        "spawn_agent", "send_input", "send_message", "wait_agent", "close_agent", "resume_agent", "list_agents",
        "followup_task", "interrupt_agent",
    ]
    static let namespaces = ["", "multi_agent_v1", "collaboration"]

    /// nil for any other tool.
    init?(_ input: HookInput) {
        guard
            Self.namespaces.contains(where: { namespace in
                input.toolName.hasPrefix(namespace)
                    && Self.names.contains(String(input.toolName.dropFirst(namespace.count)))
            })
        else { return nil }
        addressees = (input.toolInput.objectValue?.members ?? []).flatMap { member -> [String] in
            let values = member.value.arrayValue ?? [member.value]
            return values.compactMap(\.stringValue).compactMap(Self.threadID)
        }
    }

    /// Whether codex reports a call of this tool as an item with this `tool` member (`CollabAgentTool`).
    static func isItem(_ name: String, of tool: String) -> Bool {
        names.contains { own in
            namespaces.contains { tool == $0 + own } && (itemNames[own] ?? camelCase(own)) == name
        }
    }

    private static let itemNames = ["wait_agent": "wait"]

    private static func camelCase(_ name: String) -> String {
        let words = name.split(separator: "_")
        return words.dropFirst().reduce(String(words[0])) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
    }

    /// Returns codex's own spelling: codex also accepts a UUID in capital letters, in braces, without hyphens and as a
    /// URN.
    static func threadID(_ text: String) -> String? {
        // A longer text is a message, not an id.
        guard text.utf8.count <= 64 else { return nil }
        var rest = text.lowercased()[...]
        if rest.hasPrefix("urn:uuid:") { rest = rest.dropFirst("urn:uuid:".count) }
        let digits = rest.filter { !"{}-".contains($0) }
        guard digits.utf8.count == 32, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
        var groups: [Substring] = []
        var start = digits.startIndex
        for length in [8, 4, 4, 4, 12] {
            let end = digits.index(start, offsetBy: length)
            groups.append(digits[start..<end])
            start = end
        }
        return groups.joined(separator: "-")
    }
}
