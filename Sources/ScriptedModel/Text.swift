extension StringProtocol {
    /// Without white space at both ends. (Foundation has it; this part does without Foundation.)
    func trimmingSpaces() -> SubSequence {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return self[endIndex...] }
        return self[first...last]
    }

    /// The words of a line of columns.
    var columns: [SubSequence] { split(whereSeparator: \.isWhitespace) }

    /// The lines, whatever they end with: a terminal gives `\r\n`.
    var lines: [SubSequence] { split(whereSeparator: \.isNewline) }
}
