// Arguments that are not options.
extension SecretScanner {
    /// `htpasswd -b file name X`, `vault login X`: operands of this command line, counted from `start`.
    func operand(from start: Int) -> Range<Int>? {
        guard let command else { return nil }
        for operand in KnownProgram.all[command.program].operands
        where PackedWord(stringLiteral: operand.verb) == command.verb {
            guard let place = place(of: operand, from: start) else { continue }
            // A word of a command substitution is not an operand.
            if layout?.isInSubstitution(place, behind: start) == true { return nil }
            return secret(from: place, behind: operand.delimiter, until: operand.terminator)
        }
        return nil
    }

    private func place(of operand: KnownProgram.Operand, from start: Int) -> Int? {
        var position = skipBlanks(from: start), count = 0, last: Range<Int>?
        var isFlagged = operand.flag == nil
        while position < bytes.count, position - start < Self.longestGlance, !endsOperands(position) {
            let end = max(position + 1, argumentEnd(from: position))
            if bytes[position] == UInt8(ascii: "-"), end - position > 1 {
                if let flag = operand.flag, bytes[position..<end].contains(flag) { isFlagged = true }
            } else if operand.delimiter != nil || !isAssignment(position..<end) {
                count += 1
                switch operand.place {
                case .number(count): return isFlagged ? position : nil
                case .named(count): return last.map(isNamedSecret) ?? false ? position : nil
                default: last = position..<end
                }
            }
            // Ends a quoted text that was opened before the program.
            if end < bytes.count, !bytes[end].isIn(.space) { break }
            position = skipBlanks(from: end)
        }
        guard case .last = operand.place, isFlagged else { return nil }
        return last?.lowerBound
    }

    /// `app/db_password`, `/app/password`
    private func isNamedSecret(_ word: Range<Int>) -> Bool {
        var end = word.upperBound
        while end > word.lowerBound, bytes[end - 1].isIn(.quote) { end -= 1 }
        var start = end
        while start > word.lowerBound, bytes[start - 1].isIn(.word) { start -= 1 }
        return SecretName(slice(start..<end)).isSecret
    }

    /// `username=bob`: the name shows what it is.
    private func isAssignment(_ word: Range<Int>) -> Bool {
        guard let sign = bytes[word].firstIndex(of: UInt8(ascii: "=")), sign > word.lowerBound else { return false }
        return sign + 1 < word.upperBound && bytes[word.lowerBound..<sign].allSatisfy { $0.isIn(.lower) }
    }

    private func endsOperands(_ position: Int) -> Bool {
        bytes[position].isIn(.space) || bytes[position].isIn(.separator) || isEscape(position)
            || bytes[position] == UInt8(ascii: ">") || bytes[position] == UInt8(ascii: "<")
    }

    /// The end of a command line word, including its quotes.
    func argumentEnd(from start: Int) -> Int {
        if let quoted = quoted(from: start) {
            var end = quoted.upperBound
            while end < bytes.count, bytes[end] == UInt8(ascii: "\\") { end += 1 }
            return min(end + 1, bytes.count)
        }
        var end = start
        while end < bytes.count, end - start < Self.longestGlance, !bytes[end].isIn(.space | .separator | .quote),
            !isEscape(end)
        { end += 1 }
        return end
    }
}
