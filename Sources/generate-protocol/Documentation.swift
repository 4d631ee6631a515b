import JSON

/// Descriptions of the schema as documentation comments.
enum Documentation {
    /// The first paragraph, and the default that codex takes for a member that is left out.
    static func summary(_ description: String?, default value: JSONValue? = nil) -> String? {
        let paragraphs = (description ?? "").split(separator: "\n\n", maxSplits: 1)
        var text = paragraphs.first.map { $0.split { $0.isWhitespace }.joined(separator: " ") } ?? ""
        if let value, value != .null { text += (text.isEmpty ? "" : " ") + "Default: `\(value)`." }
        return text.isEmpty ? nil : text
    }

    /// The lines of a comment that are at most `width` wide.
    static func wrapped(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
