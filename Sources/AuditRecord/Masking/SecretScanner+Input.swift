// What programs read a secret from: a pipe, a here-document, a file of passwords.
extension SecretScanner {
    /// What programs read a secret from their input, and whether a name and a colon stand before it.
    private static let readers: [(text: StaticString, hasName: Bool)] = [
        ("chpasswd", true), ("passwd", false), ("--password-stdin", false), ("-S", false), ("--with-token", false),
        ("--stdin", false), ("vault login", false), ("secret create", false), ("secret set", false),
        ("secret put", false), ("secrets create", false), ("versions add", false), ("kinit", false),
        ("cryptsetup", false), ("smbpasswd", false), ("ldapsearch", false), ("stdin:", false), ("pass stdin", false),
        ("passin stdin", false), ("--passphrase-fd 0", false),
    ]

    /// `echo 'name:X' | chpasswd`, `printf X | docker login --password-stdin`.
    mutating func standardInput(from start: Int) -> Range<Int>? {
        guard start >= pipelessEnd else { return nil }
        let limit = min(bytes.count, start + Self.longestGlance)
        var pipe = start
        while pipe < limit, bytes[pipe] != UInt8(ascii: "|"), bytes[pipe] != 0x0A { pipe += 1 }
        guard pipe < limit, bytes[pipe] == UInt8(ascii: "|"), let reader = reader(from: pipe + 1) else {
            pipelessEnd = pipe
            return nil
        }
        var value = skipBlanks(from: start)
        while value < pipe, bytes[value] == UInt8(ascii: "-") { value = skipBlanks(from: argumentEnd(from: value)) }
        // `printf '%s\n' X`
        let format = argumentEnd(from: value)
        if bytes[value..<min(format, pipe)].contains(UInt8(ascii: "%")), skipBlanks(from: format) < pipe {
            value = skipBlanks(from: format)
        }
        guard value < pipe, bytes[value] != UInt8(ascii: "$") else { return nil }
        return secret(from: value, behind: reader.hasName ? UInt8(ascii: ":") : nil)
    }

    private func reader(from start: Int) -> (text: StaticString, hasName: Bool)? {
        var end = start
        let limit = min(bytes.count, start + 128)
        while end < limit, bytes[end] != UInt8(ascii: "|"), bytes[end] != UInt8(ascii: ";"), bytes[end] != 0x0A {
            if !bytes[end].isIn(.space), bytes[end - 1].isIn(.space) || bytes[end - 1] == UInt8(ascii: "|"),
                let reader = Self.readers.first(where: {
                    matches($0.text, at: end) && endsWord(end + $0.text.utf8CodeUnitCount)
                })
            {
                return reader
            }
            end += 1
        }
        return nil
    }

    private func endsWord(_ position: Int) -> Bool { position >= bytes.count || !bytes[position].isIn(.word) }

    /// `chpasswd <<< 'name:X'`, `passwd --stdin name <<< X`, `chpasswd <<EOF`.
    func hereText(from start: Int, hasName: Bool) -> Range<Int>? {
        var position = start
        while position < bytes.count, position - start < 64, !bytes[position].isIn(.separator), bytes[position] != 0x0A
        {
            if matches("<<<", at: position) {
                return secret(from: skipBlanks(from: position + 3), behind: hasName ? UInt8(ascii: ":") : nil)
            }
            if matches("<<", at: position) { return hasName ? hereDocument(from: position + 2) : nil }
            position += 1
        }
        return nil
    }

    /// From behind the first name to the line that ends it: names and passwords of all that follow.
    private func hereDocument(from start: Int) -> Range<Int>? {
        let limit = min(bytes.count, start + 4_096)
        var word = start
        while word < limit, bytes[word].isIn(.space | .joint | .quote) { word += 1 }
        var wordEnd = word
        while wordEnd < limit, bytes[wordEnd].isIn(.alphanumeric) { wordEnd += 1 }
        guard wordEnd > word, let colon = bytes[wordEnd..<limit].firstIndex(of: UInt8(ascii: ":")),
            !matchesAnyCase("[masked", at: colon - 7)
        else { return nil }
        var end = colon + 1
        while end < limit, !isLine(slice(word..<wordEnd), at: end) { end += 1 }
        while end > colon + 1, bytes[end - 1].isIn(.space) { end -= 1 }
        return harmlessChecked(colon + 1..<end)
    }

    /// A line end, which may be escaped, and then `text`.
    private func isLine(_ text: Bytes, at position: Int) -> Bool {
        let start = bytes[position] == 0x0A ? position + 1 : isEscape(position) ? position + 2 : bytes.count
        return start < bytes.count && bytes[start...].starts(with: text)
    }

    /// A line of `.pgpass`: `host:port:database:user:password`.
    func passwordLine(at colon: Int) -> Range<Int>? {
        var position = colon + 1
        while position < bytes.count, position - colon < 7, bytes[position].isIn(.digit) { position += 1 }
        if position == colon + 1, position < bytes.count, bytes[position] == UInt8(ascii: "*") { position += 1 }
        guard position < bytes.count, bytes[position] == UInt8(ascii: ":"),
            position - colon == 2 || position - colon >= 5
        else { return nil }
        let isAnyPort = bytes[colon + 1] == UInt8(ascii: "*")
        guard isAnyPort || bytes[colon + 1].isIn(.digit), startsField(before: colon) else { return nil }
        for _ in 0..<2 {
            let start = position + 1
            position = start
            while position < bytes.count, position - start < 64,
                bytes[position].isIn(.word) || bytes[position] == UInt8(ascii: "*")
            {
                position += 1
            }
            guard position > start, position < bytes.count, bytes[position] == UInt8(ascii: ":") else { return nil }
        }
        var end = position + 1
        while end < bytes.count, bytes[end] > 0x20, bytes[end] != UInt8(ascii: "'"), bytes[end] != UInt8(ascii: "\"") {
            // A sixth field; an escaped line end.
            if bytes[end] == UInt8(ascii: ":"), bytes[end - 1] != UInt8(ascii: "\\") { return nil }
            if isEscape(end) { break }
            end += 1
        }
        return end - position > 6 ? harmlessChecked(position + 1..<end) : nil
    }

    /// A host, alone at the start of a line or of a quoted text, ends before `colon`.
    private func startsField(before colon: Int) -> Bool {
        var start = colon
        while start > 0, colon - start < 64,
            bytes[start - 1].isIn(.word) || bytes[start - 1] == UInt8(ascii: ".")
                || bytes[start - 1] == UInt8(ascii: "*")
        { start -= 1 }
        if isEscape(start - 1) { start += 1 }
        guard start < colon else { return false }
        return start == 0 || isEscape(start - 2) || "\n\"'".utf8.contains(bytes[start - 1])
    }
}
