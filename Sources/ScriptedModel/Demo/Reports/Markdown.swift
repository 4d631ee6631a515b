/// Inserts machine output into an answer so that it cannot become markup.
enum Markdown {
    /// Inline code: the fence is longer than any run of backticks inside, and line ends become spaces.
    static func code(_ text: some StringProtocol) -> String {
        let line = text.map { $0.isNewline ? " " : String($0) }.joined().trimmingSpaces()
        if line.isEmpty { return "(nothing)" }
        let fence = String(repeating: "`", count: longestRun(in: line) + 1)
        let isTight = line.first != "`" && line.last != "`"
        return isTight ? fence + line + fence : "\(fence) \(line) \(fence)"
    }

    /// A code block of the last `limit` lines.
    static func block(_ text: some StringProtocol, last limit: Int) -> String {
        let lines = text.lines
        let fence = String(repeating: "`", count: max(3, longestRun(in: text) + 1))
        return "\(fence)\n\(lines.suffix(limit).joined(separator: "\n"))\n\(fence)"
    }

    /// The first `limit` entries, one per line, and the number of the others.
    static func list(_ entries: [String], limit: Int) -> String {
        let shown = entries.prefix(limit).map { "- \($0)" }
        let rest = entries.count - shown.count
        return (shown + (rest > 0 ? ["- … and \(rest) more"] : [])).joined(separator: "\n")
    }

    private static func longestRun(in text: some StringProtocol) -> Int {
        var longest = 0
        var run = 0
        for byte in text.utf8 {
            run = byte == UInt8(ascii: "`") ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }
}
