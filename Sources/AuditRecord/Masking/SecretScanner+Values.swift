// Where a value starts and ends.
extension SecretScanner {
    /// `&` ends a value in a URL's query and in a form's body, and also in a command line.
    func unquotedEnd(from start: Int, query: Bool) -> Int {
        var end = start
        // A reference may contain brackets: `${NAME}`, `$(cat file)`, `<token>`.
        if start < bytes.count, bytes[start].mayBeginReference {
            while end < bytes.count, bytes[end] > 0x20, end - start < 64, bytes[end] != 0x22, bytes[end] != 0x27 {
                end += 1
            }
            if SecretValue.isHarmless(slice(start..<end)) { return end }
            end = start
        }
        while end < bytes.count, !bytes[end].isIn(.space) {
            if bytes[end].isIn(.stop), bytes[end] != UInt8(ascii: "(") {
                guard isShellEscape(end, isFirst: end == start) else { break }
                end = backslashesEnd(from: end)
            }
            if query, bytes[end] == UInt8(ascii: "#") { break }
            end += 1
        }
        return end
    }

    /// The end of a backslash, or of several if JSON has escaped it.
    private func backslashesEnd(from start: Int) -> Int {
        var end = start
        while end < bytes.count, end - start < 16, bytes[end] == UInt8(ascii: "\\") { end += 1 }
        return end
    }

    /// The blank after a shell's backslash.
    func escapedBlank(at start: Int) -> Int? {
        let blank = backslashesEnd(from: start)
        return blank > start && blank < bytes.count && bytes[blank] == 0x20 ? blank : nil
    }

    /// A shell's backslash before a byte with a special meaning, or before the first letter of a value. Escapes of line
    /// ends, tabs, quotes and code points belong to JSON.
    private func isShellEscape(_ position: Int, isFirst: Bool) -> Bool {
        let end = backslashesEnd(from: position)
        guard end > position, end < bytes.count else { return false }
        let next = bytes[end]
        return next.isIn(.escapable) || isFirst && next.isIn(.letter) && !"nrtubf".utf8.contains(next)
    }

    /// The end of the shell word that contains `secret`: `a'X'`, `'X'"Y"`, `'X'a`.
    private func wordEnd(of secret: Range<Int>) -> Int {
        var end = secret.upperBound
        guard end < bytes.count, bytes[end].isIn(.quote) else { return end }
        if secret.lowerBound > 0, bytes[secret.lowerBound - 1] == bytes[end] {
            let next = end + 1
            guard next < bytes.count, bytes[next].isIn(.alphanumeric) || quotedPartEnd(from: next) != nil else {
                return end
            }
            end = next
        }
        while end < bytes.count {
            if let next = quotedPartEnd(from: end) {
                end = next
            } else if bytes[end].isIn(.word) {
                end += 1
            } else {
                break
            }
        }
        return end
    }

    /// The end of text that is certainly quoted: a quote may also close the surrounding text.
    private func quotedPartEnd(from open: Int) -> Int? {
        guard open + 1 < bytes.count, bytes[open].isIn(.quote), !bytes[open + 1].isIn(ByteClass.betweenTexts) else {
            return nil
        }
        var end = open + 1, hasWord = false
        while end < bytes.count, end - open < Self.longestGlance, bytes[end] != bytes[open] {
            if bytes[end].isIn(.space) { return nil }
            hasWord = hasWord || bytes[end].isIn(.alphanumeric)
            end += 1
        }
        return hasWord && end < bytes.count && bytes[end] == bytes[open] ? end + 1 : nil
    }

    /// The end of the text, or the end of a command's word: a rule need not look further for the end of a secret.
    func reach(from start: Int) -> Int { layout?.cut(in: start..<bytes.count)?.at ?? bytes.count }

    /// The range, if it may be a secret. A private key is found by its own first line, which stays.
    func harmlessChecked(_ range: Range<Int>) -> Range<Int>? {
        if !range.isEmpty, bytes[range.lowerBound] == UInt8(ascii: "-"), isKey(at: range.lowerBound) { return nil }
        let glance = range.lowerBound..<min(range.upperBound, range.lowerBound + Self.longestGlance)
        return range.isEmpty ? nil : SecretValue.isHarmless(slice(glance)) ? continued(range) : range
    }

    /// A harmless text that is only the first part of a word: `a'X'`.
    func continued(_ range: Range<Int>) -> Range<Int>? {
        guard bytes[range].allSatisfy({ $0.isIn(.alphanumeric) }) else { return nil }
        let whole = wholeWord(of: range)
        return whole.upperBound > range.upperBound ? whole : nil
    }

    /// The part that ``wordEnd(of:)`` adds contains the first part's closing quote, so its opening quote is included
    /// too.
    func wholeWord(of secret: Range<Int>) -> Range<Int> {
        let end = wordEnd(of: secret), start = secret.lowerBound
        let isQuoted = end > secret.upperBound && start > 0 && bytes[start - 1] == bytes[secret.upperBound]
        return (isQuoted ? start - 1 : start)..<end
    }
}

extension UInt8 {
    /// `$NAME`, `<token>`, `{{ name }}`, `%(name)s`, a command in backticks.
    fileprivate var mayBeginReference: Bool {
        switch self {
        case UInt8(ascii: "$"), UInt8(ascii: "<"), UInt8(ascii: "{"), UInt8(ascii: "%"), UInt8(ascii: "`"): true
        default: false
        }
    }
}
