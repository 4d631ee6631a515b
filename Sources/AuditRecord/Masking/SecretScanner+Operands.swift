// Arguments that are no options, and what is piped into a program.
extension SecretScanner {
    /// `htpasswd -b file name X`, `vault login X`: what is counted from `start` on, in this command line.
    func operand(from start: Int) -> Range<Int>? {
        guard let command else { return nil }
        for operand in KnownProgram.all[command.program].operands
        where PackedWord(stringLiteral: operand.verb) == command.verb {
            guard let place = place(of: operand, from: start) else { continue }
            let terminator = operand.delimiter == UInt8(ascii: "/") ? UInt8(ascii: "@") : nil
            return secret(from: place, behind: operand.delimiter, until: terminator)
        }
        return nil
    }

    private func place(of operand: KnownProgram.Operand, from start: Int) -> Int? {
        var position = skipBlanks(from: start), count = 0, last: Int?
        var isFlagged = operand.flag == nil
        while position < bytes.count, position - start < Self.longestGlance, !endsOperands(position) {
            let end = max(position + 1, argumentEnd(from: position))
            if bytes[position] == UInt8(ascii: "-"), end - position > 1 {
                if let flag = operand.flag, bytes[position..<end].contains(flag) { isFlagged = true }
            } else {
                count += 1
                last = position
                if case .number(let number) = operand.place, number == count { return isFlagged ? position : nil }
            }
            position = skipBlanks(from: end)
        }
        guard case .last = operand.place, isFlagged else { return nil }
        return last
    }

    private func endsOperands(_ position: Int) -> Bool {
        bytes[position].isIn(.space) || bytes[position].isIn(.separator) || isEscape(position)
            || bytes[position] == UInt8(ascii: ">") || bytes[position] == UInt8(ascii: "<")
    }

    /// The end of a word of the command line, with its quotes.
    private func argumentEnd(from start: Int) -> Int {
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

    /// `chpasswd <<< 'name:X'`, `passwd --stdin name <<< X`.
    func hereString(from start: Int, hasName: Bool) -> Range<Int>? {
        var position = start
        while position < bytes.count, position - start < 64, !bytes[position].isIn(.separator), bytes[position] != 0x0A
        {
            if matches("<<<", at: position) {
                return secret(from: skipBlanks(from: position + 3), behind: hasName ? UInt8(ascii: ":") : nil)
            }
            position += 1
        }
        return nil
    }
}
