// Where the command line of a known program ends.
extension SecretScanner {
    /// `;`, `&` or `|` between commands, but not in a header or a URL; a line end that is not escaped.
    mutating func endsCommand(at position: Int) -> Bool {
        if layout.map({ !$0.hasCut(at: position) }) ?? isQuotedInCommand(position) { return false }
        let before = position > 0 ? bytes[position - 1] : 0
        let isBeforeBlank = position + 1 < bytes.count && bytes[position + 1].isIn(.space)
        switch bytes[position] {
        case UInt8(ascii: "\n"): return before != UInt8(ascii: "\\") && !continuesMachine(from: position + 1)
        case UInt8(ascii: "&"): return isBeforeBlank || before == UInt8(ascii: "&")
        case UInt8(ascii: ";"): return !matches(" charset", at: position + 1)
        default: return true
        }
    }

    /// A netrc entry that spans several lines.
    private func continuesMachine(from start: Int) -> Bool {
        guard let command, KnownProgram.all[command.program].names.contains(where: { "\($0)" == "machine" }) else {
            return false
        }
        let word = skipBlanks(from: start)
        return matches("login ", at: word) || matches("password ", at: word) || matches("account ", at: word)
    }

    /// `curl -H 'A: b; c' -u name:X`: whether the position is in quotes that opened after the program. Only a quote after
    /// a blank or a sign opens: others may close the text around the command.
    private mutating func isQuotedInCommand(_ position: Int) -> Bool {
        guard var at = command?.quotesEnd else { return false }
        while at < position {
            let isOpen =
                (bytes[at] == UInt8(ascii: "'") || bytes[at] == UInt8(ascii: "\""))
                && bytes[at - 1].isIn(.space | .beforeQuote)
            at = (isOpen ? quoted(from: at)?.upperBound : nil).map { $0 + 1 } ?? at + 1
        }
        command?.quotesEnd = at
        return at > position
    }
}
