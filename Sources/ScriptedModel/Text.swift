extension StringProtocol {
    /// Removes white space at both ends. (Foundation has this; this target does not use Foundation.)
    func trimmingSpaces() -> SubSequence {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return self[endIndex...] }
        return self[first...last]
    }

    /// The words of a line of columns.
    var columns: [SubSequence] { split(whereSeparator: \.isWhitespace) }

    /// The lines, with any line ending: a terminal writes `\r\n`.
    var lines: [SubSequence] { split(whereSeparator: \.isNewline) }
}
