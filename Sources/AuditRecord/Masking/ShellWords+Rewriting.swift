// Which words are rewritten, and how.
extension ShellWords {
    /// The parts of a list become words of their own, without quotes.
    static let separated = -2

    /// Where a quote is to be put into the rewritten word, counted from its start; -1 for none. nil if the word stays
    /// as it is.
    func rewriting(of word: ShellWord) -> Int? {
        guard word.parts > 0 || word.hasEscapes, !word.segments.isEmpty else { return nil }
        var needsQuotes = false, hasBlank = false, hasInnerQuote = false
        for segment in word.segments {
            for index in segment.original where segment.byte == nil || index == segment.original.lowerBound {
                let byte = segment.byte ?? text[index]
                hasBlank = hasBlank || byte.isIn(.space)
                hasInnerQuote = hasInnerQuote || byte.isIn(.quote | .backslash)
                needsQuotes = needsQuotes || byte.isIn(.space | .stop)
            }
        }
        let isOnePart = word.parts == 1 && text[word.start].isIn(.quote) && text[word.end - 1].isIn(.quote)
        let isWhole =
            isOnePart && !word.hasEscapes && word.segments.count == 1
            && word.segments[0].original == word.start + 1..<word.end - 1
        if hasBlank, !isWhole || hasInnerQuote, isScript(before: word.start) { return -1 }
        // A command in a text of JSON, or JSON in a text.
        let first = text[word.segments[0].original.lowerBound]
        if isListElement(word) || isOnePart && (first == UInt8(ascii: "{") || first == UInt8(ascii: "[")) {
            return hasBlank && hasInnerQuote ? Self.separated : nil
        }
        let head = WordHead(word, text)
        if needsQuotes { return isWhole && head.length == 0 ? nil : head.length }
        return !isWhole || head.isKnown ? -1 : nil
    }

    /// `"name":`, `"X",`, `["a","b"]`, `x["name"]`: texts of a list, as in JSON and in code.
    private func isListElement(_ word: ShellWord) -> Bool {
        guard word.parts > 0, let last = word.segments.last else { return false }
        var open = word.start
        while open + 1 < word.end, !text[open].isIn(.quote) { open += 1 }
        if open > word.start, "{[".utf8.contains(text[open - 1]) { return true }
        return open == word.start && word.parts == 1 && text[word.end - 1].isIn(Self.list)
            && last.original.lowerBound > open + 1 && last.original.allSatisfy { text[$0].isIn(Self.list) }
    }

    private static let list = ByteClass.betweenTexts
}
