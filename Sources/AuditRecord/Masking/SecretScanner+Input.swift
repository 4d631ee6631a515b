// Input from which programs read a secret: a pipe, a here-document, a password file.
extension SecretScanner {
    /// `echo 'name:X' | chpasswd`, `printf X | docker login --password-stdin`.
    mutating func standardInput(from start: Int) -> Range<Int>? {
        guard start >= pipelessEnd else { return nil }
        let limit = min(bytes.count, start + Self.longestGlance)
        var pipe = start
        var target: Int?
        while pipe < limit, bytes[pipe] != UInt8(ascii: "|"), bytes[pipe] != 0x0A {
            if bytes[pipe] == UInt8(ascii: ">") { target = pipe }
            pipe += 1
        }
        guard pipe < limit, bytes[pipe] == UInt8(ascii: "|"), let reader = reader(behind: pipe) else {
            pipelessEnd = pipe
            return target.flatMap { fileOfSecret(behind: $0) ? written(from: start, before: $0) : nil }
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

    /// `echo X > /run/secrets/db_password`: the first word, if no other follows it.
    private func written(from start: Int, before target: Int) -> Range<Int>? {
        var value = skipBlanks(from: start)
        while value < target, bytes[value] == UInt8(ascii: "-") { value = skipBlanks(from: argumentEnd(from: value)) }
        if matches("'%s", at: value) || matches("\"%s", at: value) {
            value = skipBlanks(from: argumentEnd(from: value))
        }
        guard value < target, bytes[value] != UInt8(ascii: "$"),
            skipBlanks(from: argumentEnd(from: value)) == target
        else { return nil }
        return secret(from: value, behind: nil)
    }

    /// The last part of the path, without a suffix, is a secret name, or the directory is `secrets`.
    private func fileOfSecret(behind sign: Int) -> Bool {
        let start = skipBlanks(from: sign + 1)
        var end = start
        while end < bytes.count, end - start < 128, !bytes[end].isIn(.space | .stop) { end += 1 }
        let path = bytes[start..<end]
        let first = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? start
        let hasDirectory = first - start >= 9 && matches("/secrets/", at: first - 9)
        let name = first < end && bytes[first] == UInt8(ascii: ".") ? first + 1 : first
        let last = bytes[name..<end].lastIndex(of: UInt8(ascii: ".")) ?? end
        return hasDirectory || last > name && SecretName(slice(name..<last)).isSecret
    }

    private func reader(behind pipe: Int) -> InputReader? {
        var end = pipe + 1
        let limit = min(bytes.count, end + 128)
        while end < limit, bytes[end] != UInt8(ascii: "|"), bytes[end] != UInt8(ascii: ";"), bytes[end] != 0x0A {
            end += 1
        }
        return reader(in: pipe + 1..<end)
    }

    /// `chpasswd <<< 'name:X'`, `sudo -S ls <<< X`, `chpasswd <<EOF`; the command comes first.
    mutating func hereText(at sign: Int) -> Range<Int>? {
        guard matches("<<", at: sign), sign == 0 || bytes[sign - 1] != UInt8(ascii: "<") else { return nil }
        let isString = matches("<<<", at: sign)
        var start = sign
        while start > 0, sign - start < 128, !bytes[start - 1].isIn(.separator), bytes[start - 1] != 0x0A,
            bytes[start - 1] != UInt8(ascii: "<"), !isEscape(start - 2)
        { start -= 1 }
        guard let reader = reader(in: start..<sign) else {
            guard isString else { return nil }
            return readsSecret(start..<sign)
                ? secret(from: skipBlanks(from: sign + 3), behind: nil)
                : standardInput(from: sign + 3)
        }
        if isString {
            return secret(from: skipBlanks(from: sign + 3), behind: reader.hasName ? UInt8(ascii: ":") : nil)
        }
        return reader.hasName ? hereDocument(from: sign + 2) : nil
    }

    /// `read -r PASS <<< X`
    private func readsSecret(_ command: Range<Int>) -> Bool {
        var end = command.upperBound
        while end > command.lowerBound, bytes[end - 1].isIn(.space) { end -= 1 }
        var start = end
        while start > command.lowerBound, bytes[start - 1].isIn(.word) { start -= 1 }
        let reads = command.contains { position in
            matches("read ", at: position) && (position == 0 || !bytes[position - 1].isIn(.word))
        }
        guard reads else { return false }
        return SecretName(slice(start..<end)).isSecret || PackedWord(slice(start..<end)) == "pass"
    }

    /// From after the first name to the terminating line: covers the names and passwords of all lines between.
    private func hereDocument(from start: Int) -> Range<Int>? {
        let limit = min(bytes.count, start + 4_096)
        var word = start
        while word < limit, bytes[word].isIn(.space | .joint | .quote) { word += 1 }
        var wordEnd = word
        while wordEnd < limit, bytes[wordEnd].isIn(.alphanumeric) { wordEnd += 1 }
        guard wordEnd > word, case let colon = lookAhead.colon(bytes, from: wordEnd), colon < limit,
            !matchesAnyCase("[masked", at: colon - 7)
        else { return nil }
        var end = colon + 1
        while end < limit, !isLine(slice(word..<wordEnd), at: end) { end += 1 }
        while end > colon + 1, bytes[end - 1].isIn(.space) { end -= 1 }
        return harmlessChecked(colon + 1..<end)
    }

    /// A line end, possibly escaped, followed by `text`.
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

    /// A host ends before `colon` and starts its line or its quoted text.
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
