import JSON

/// The text of an input item that was written by a person, or by the agent that gave this one its task.
///
/// codex adds its own context as messages of role `user` (the environment, AGENTS.md, an interruption, the end of a
/// sub-agent, the summary after a compaction). These were not written by a user and are left out.
struct UserText: Sendable, Hashable {
    let text: String

    /// nil if the item has no such text.
    init?(item: JSONValue) {
        switch item["type"]?.stringValue {
        case "agent_message"?: self.init(task: item)
        case "message"?, nil: self.init(message: item)
        default: return nil
        }
    }

    private init?(message: JSONValue) {
        guard message["role"]?.stringValue == "user" else { return nil }
        let said = Self.texts(of: message["content"]).filter { !Self.isContext($0) }
        if said.isEmpty { return nil }
        text = said.joined(separator: "\n")
    }

    /// A task from another agent has a heading, then the text. Its member is named `encrypted_content`, but it is
    /// encrypted only with the real service. Other messages between agents are reports and need no answer.
    private init?(task: JSONValue) {
        let content = Self.texts(of: task["content"]).joined()
        let heading = "Payload:\n"
        guard content.hasPrefix("Message Type: NEW_TASK\n"), let start = content.firstRange(of: heading) else {
            return nil
        }
        text = String(content[start.upperBound...])
    }

    private static func texts(of content: JSONValue?) -> [String] {
        if let text = content?.stringValue { return [text] }
        return (content?.arrayValue ?? []).compactMap {
            ($0["text"] ?? $0["encrypted_content"])?.stringValue
        }
    }

    static func isContext(_ text: String) -> Bool {
        let trimmed = text.trimmingSpaces()
        return trimmed.hasPrefix("# AGENTS.md instructions")
            || trimmed.hasPrefix("Another language model started to solve this problem")
            || isTagged(trimmed)
    }

    /// Matches `<environment_context>…</environment_context>` and the like; not a person's own `<b>…</b>`.
    private static func isTagged(_ text: Substring) -> Bool {
        guard text.first == "<", let end = text.firstIndex(of: ">") else { return false }
        let tag = text[text.index(after: text.startIndex)..<end]
        let isName = tag.allSatisfy { ("a"..."z").contains($0) || $0 == "_" }
        return isName && (tag.contains("_") || tag == "skill") && text.hasSuffix("</\(tag)>")
    }
}
