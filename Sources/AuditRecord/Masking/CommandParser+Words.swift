// Words, quotes and substitutions.
extension CommandParser {
    /// Reads to the end of the word.
    mutating func word() {
        while position < limit, !ShellWord.endsWord(text[position]) || text[position] == UInt8(ascii: "`") {
            part(isQuoted: false)
        }
    }

    /// Reads one byte, or a quoted part, or a substitution.
    mutating func part(isQuoted: Bool) {
        let next = position + 1 < limit ? text[position + 1] : 0
        switch text[position] {
        case UInt8(ascii: "\\"): position = min(limit, position + 2)
        case UInt8(ascii: "`"): backticks()
        case UInt8(ascii: "\"") where !isQuoted: doubleQuotes()
        case UInt8(ascii: "'") where !isQuoted: singleQuotes()
        case UInt8(ascii: "$") where next == UInt8(ascii: "("): substitution(opening: position + 1)
        case UInt8(ascii: "$") where next == UInt8(ascii: "{"): parameter(isQuoted: isQuoted)
        case UInt8(ascii: "$") where next == UInt8(ascii: "'") && !isQuoted: ansiQuotes()
        default: position += 1
        }
    }

    /// From an opening quote to after the closing one.
    private mutating func skip(past quote: UInt8) {
        position += 1
        while position < limit, text[position] != quote { position += 1 }
        position = min(limit, position + 1)
    }

    /// A substitution in single quotes stays visible as well: another program may run it.
    private mutating func singleQuotes() {
        let open = position
        skip(past: UInt8(ascii: "'"))
        let quoted = open + 1..<position
        guard quoted.contains(where: { text[$0] == UInt8(ascii: "`") || startsSubstitution($0) }) else { return }
        let (outer, known) = (limit, substitutions.count)
        (position, limit) = (quoted.lowerBound, quoted.upperBound)
        while position < limit { part(isQuoted: true) }
        (position, limit) = (quoted.upperBound, outer)
        substitutions.removeSubrange(known...)
    }

    private func startsSubstitution(_ place: Int) -> Bool {
        text[place] == UInt8(ascii: "$") && place + 1 < limit && text[place + 1] == UInt8(ascii: "(")
    }

    private mutating func ansiQuotes() {
        position += 2
        while position < limit, text[position] != UInt8(ascii: "'") {
            position += text[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        position = min(limit, position + 1)
    }

    private mutating func doubleQuotes() {
        position += 1
        while position < limit, text[position] != UInt8(ascii: "\"") { part(isQuoted: true) }
        position = min(limit, position + 1)
    }

    /// `${NAME:-default}`
    private mutating func parameter(isQuoted: Bool) {
        position += 2
        guard nesting < Self.deepestNesting else { return }
        nesting += 1
        while position < limit, text[position] != UInt8(ascii: "}") { part(isQuoted: isQuoted) }
        nesting -= 1
        position = min(limit, position + 1)
    }

    /// `$(…)`, `<(…)`; an arithmetic expression is read as a subshell in it, but has no here-documents.
    mutating func substitution(opening: Int) {
        let start = position
        position = opening + 1
        let isArithmetic = position < limit && text[position] == UInt8(ascii: "(")
        let outer = substitutions.count
        nested(isArithmetic: isArithmetic) { $0.commands(until: UInt8(ascii: ")")) }
        position = min(limit, position + 1)
        end(from: start, outer)
    }

    private mutating func end(from start: Int, _ outer: Int) {
        cut(start, resume: position)
        cut(position)
        substitutions.removeSubrange(outer...)
        substitutions.append(start..<position)
    }

    /// The first backtick that is not escaped ends the substitution, whatever is in quotes.
    private mutating func backticks() {
        let start = position, outer = limit, known = substitutions.count
        position += 1
        var close = position
        while close < outer, text[close] != UInt8(ascii: "`") { close += text[close] == UInt8(ascii: "\\") ? 2 : 1 }
        limit = min(close, outer)
        nested { $0.commands(until: nil) }
        (position, limit) = (min(outer, close + 1), outer)
        end(from: start, known)
    }
}
