/// The output of `journalctl -p err`.
struct LogReport: Sendable, Hashable {
    /// Maximum number of entries requested.
    static let limit = 100

    struct Entry: Sendable, Hashable {
        let time: String
        let source: String
        let message: String
    }

    /// In chronological order.
    let entries: [Entry]
    /// The journal is empty, or this user may not read it: having no entries then does not mean having no errors.
    let isInconclusive: Bool

    /// nil if there is neither an entry nor the line that says there are none.
    init?(output: String) {
        entries = output.lines.compactMap(Self.entry)
        isInconclusive = ["No journal files were", "insufficient permissions", "not seeing messages from other users"]
            .contains { output.contains($0) }
        guard !entries.isEmpty || isInconclusive || output.contains("-- No entries --") else { return nil }
    }

    /// `Nov 22 14:31:06 host sshd[812]: error: …`
    private static func entry(_ line: Substring) -> Entry? {
        let columns = line.split(separator: " ", maxSplits: 4)
        guard columns.count == 5, columns[0].count == 3, columns[2].count == 8, columns[2].contains(":"),
            let end = columns[4].firstRange(of: ": ")
        else { return nil }
        let source = columns[4][..<end.lowerBound].prefix { $0 != "[" }
        return Entry(time: String(columns[2]), source: String(source), message: String(columns[4][end.upperBound...]))
    }

    var answer: String {
        let doubt = isInconclusive ? " Not all logs can be read here, so this may not be everything." : ""
        guard let last = entries.last else {
            return isInconclusive
                ? "There is no journal that I can read here, so I cannot say whether there were errors."
                : "No errors in the journal in the last hour."
        }
        let groups = Dictionary(grouping: entries, by: \.source)
            .sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
            .map { source, entries in
                "\(Markdown.code(source)): \(entries.count), last at \(entries.last?.time ?? last.time): "
                    + Markdown.code((entries.last ?? last).message.prefix(200))
            }
        let more = entries.count >= Self.limit ? "at least " : ""
        let number = "\(more)\(Quantity.count(entries.count, "error"))"
        return "**\(number)** in the journal in the last hour.\(doubt)\n\n" + Markdown.list(groups, limit: 6)
    }
}
