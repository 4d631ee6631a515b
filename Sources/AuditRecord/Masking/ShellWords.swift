/// Rewrites a text so that each word of a command is what the shell makes of it: `--pass'word'='a b'` becomes
/// `--password="a b"`, and `'-u'` becomes `-u`. A word that a shell runs as a script is copied without its outer quotes.
struct ShellWords {
    private let text: UnsafeBufferPointer<UInt8>
    private(set) var bytes: [UInt8] = []
    private(set) var runs: [ShellReading.Run] = []
    private var copied = 0

    /// Each entry is an open command substitution inside double quotes: its number of open parentheses, or -1 for
    /// backticks.
    private var substitutions: [Int] = []
    private static let mostSubstitutions = 64

    /// nil if no word changes.
    init?(_ text: UnsafeBufferPointer<UInt8>) {
        self.text = text
        var closers = QuoteClosers(), position = 0
        while let special = nextSpecial(from: position, &closers) {
            var start = special
            while start > position, !ShellWord.endsWord(text[start - 1]) { start -= 1 }
            let word = ShellWord(text, from: start, closers: &closers)
            position = max(word.end, special + 1)
            if let inner = word.substitution {
                position = inner
                push(text[inner - 1] == UInt8(ascii: "`") ? -1 : 0)
            }
            if let place = rewriting(of: word) { append(word, quoteAt: place) }
        }
        guard copied > 0 else { return nil }
        copy(copied..<text.count)
    }

    private mutating func push(_ kind: Int) {
        if substitutions.count < Self.mostSubstitutions { substitutions.append(kind) }
    }

    /// The next quote or backslash. The end of a command substitution leads back into its double quotes.
    private mutating func nextSpecial(from start: Int, _ closers: inout QuoteClosers) -> Int? {
        var position = start
        while position < text.count {
            let byte = text[position]
            if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return position }
            if let depth = substitutions.last {
                let isBacktick = byte == UInt8(ascii: "`")
                if byte == UInt8(ascii: "("), depth >= 0 { substitutions[substitutions.count - 1] += 1 }
                if byte == UInt8(ascii: ")"), depth > 0 { substitutions[substitutions.count - 1] -= 1 }
                if isBacktick && depth < 0 || byte == UInt8(ascii: ")") && depth == 0 {
                    substitutions.removeLast()
                    if let close = closers.double(text, at: position) {
                        if close.isSubstitution { push(text[close.place - 1] == UInt8(ascii: "`") ? -1 : 0) }
                        position = close.isSubstitution ? close.place : close.place + 1
                        continue
                    }
                }
            }
            position += 1
        }
        return nil
    }

    /// The parts of a list become words of their own, without quotes.
    private static let separated = -2

    /// Where a quote is to be put into the rewritten word, counted from its start; -1 for none. nil if the word stays
    /// as it is.
    private func rewriting(of word: ShellWord) -> Int? {
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
        let head = Head(word, text)
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

    private mutating func copy(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        runs.append(.init(start: bytes.count, original: range.lowerBound, length: range.count, isCopy: true))
        bytes.append(contentsOf: text[range])
    }

    private mutating func insert(_ byte: UInt8, for original: Range<Int>) {
        runs.append(
            .init(start: bytes.count, original: original.lowerBound, length: original.count, isCopy: false))
        bytes.append(byte)
    }

    private mutating func append(_ word: ShellWord, quoteAt place: Int) {
        copy(copied..<word.start)
        copied = word.end
        let hasDouble = word.segments.contains { segment in
            segment.byte == UInt8(ascii: "\"") || segment.byte == nil && text[segment.original].contains(0x22)
        }
        let quote = UInt8(ascii: hasDouble ? "'" : "\"")
        var left = place
        for segment in word.segments {
            let range = segment.original
            if place == Self.separated, range.lowerBound > 0, text[range.lowerBound - 1].isIn(.quote) {
                insert(0x20, for: range.lowerBound..<range.lowerBound)
            }
            if let byte = segment.byte {
                if left == 0 { insert(quote, for: range.lowerBound..<range.lowerBound) }
                insert(byte, for: range)
            } else if left >= 0, left < range.count {
                let middle = range.lowerBound + left
                copy(range.lowerBound..<middle)
                insert(quote, for: middle..<middle)
                copy(middle..<range.upperBound)
            } else {
                copy(range)
            }
            left = left < segment.count ? -1 : left - segment.count
        }
        if place >= 0 { insert(quote, for: word.end..<word.end) }
    }

    /// Whether a shell runs the word: it follows `-c` and perhaps other options, or `eval` or `ssh`.
    private func isScript(before start: Int) -> Bool {
        var end = start, areOptions = true
        for _ in 0..<8 {
            while end > 0 {
                if text[end - 1] == 0x20 || text[end - 1] == 0x09 {
                    end -= 1
                } else if text[end - 1] == 0x0A,
                    let before = [2, 3].first(where: {
                        end >= $0 && ShellWord.continuation(text, at: end - $0) == $0
                    })
                {
                    end -= before
                } else {
                    break
                }
            }
            var first = end
            while first > 0, end - first < 64, !ShellWord.endsWord(text[first - 1]) { first -= 1 }
            let word = text[first..<end].filter { !$0.isIn(.quote | .backslash) }
            guard let sign = word.first else { return false }
            if word.count <= 5, Self.runners.contains(PackedWord(word)) { return true }
            if sign != UInt8(ascii: "-"), sign != UInt8(ascii: "+") { areOptions = false }
            if areOptions, word.elementsEqual("--command".utf8) { return true }
            if areOptions, word.last == UInt8(ascii: "c"), word.dropFirst().allSatisfy({ $0.isIn(.letter) }) {
                return true
            }
            end = first
        }
        return false
    }

    private static let runners: [PackedWord] = ["eval", "ssh", "trap", "watch"]
}

/// The beginning of a word: `NAME=`, `--option=` or `-o`, before the part that is quoted in the rewritten word.
private struct Head {
    let length: Int
    /// The word is an option, a name of a secret, or a word that the scanner knows.
    let isKnown: Bool

    init(_ word: ShellWord, _ text: UnsafeBufferPointer<UInt8>) {
        var start: [UInt8] = []
        for segment in word.segments where start.count <= 64 {
            if let byte = segment.byte { start.append(byte) } else { start += text[segment.original].prefix(66) }
        }
        let isOption = start.first == UInt8(ascii: "-")
        let name = start.prefix { $0.isIn(.word | .dot) }
        if !name.isEmpty, name.count < start.count, start[name.count] == UInt8(ascii: "=") {
            length = name.count + 1
        } else {
            length = isOption && start.count > 2 && start[1].isIn(.letter) ? 2 : 0
        }
        isKnown = isOption || name.count == start.count && start.count <= 64 && Self.isKnown(start)
    }

    private static func isKnown(_ name: [UInt8]) -> Bool {
        let word = PackedWord(name)
        return words[word] != nil || name.withUnsafeBufferPointer { SecretName($0[...]) }.isSecret
    }

    private static let words = WordTable<Bool>(
        (KnownProgram.all.flatMap { $0.names + $0.verbs } + WordRule.words).map {
            (PackedWord(stringLiteral: $0), true)
        })
}
