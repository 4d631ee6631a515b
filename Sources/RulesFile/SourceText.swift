/// Checks the text before YAML parsing.
enum SourceText {
    typealias Problem = RulesFileError.Problem

    /// Returns the text without a byte order mark.
    static func checked(_ text: String) throws(Problem) -> String {
        guard text.utf8.count <= RulesFile.maximumSize else {
            throw Problem(line: nil, key: nil, reason: "is larger than \(RulesFile.maximumSize) bytes")
        }
        var scalars = Substring(text).unicodeScalars
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        try checkCharacters(scalars)
        try checkAliases(scalars)
        return String(scalars)
    }

    /// Line breaks that only YAML recognizes (U+2028) and bidi controls would make the parsed file differ from what a
    /// person sees.
    private static func checkCharacters(_ scalars: Substring.UnicodeScalarView) throws(Problem) {
        var line = 1
        var previous: Unicode.Scalar = "\n"
        for scalar in scalars {
            if scalar == "\r" || (scalar == "\n" && previous != "\r") { line += 1 }
            previous = scalar
            guard scalar == "\n" || scalar == "\r" || scalar == "\t" || Visible.isPrintable(scalar) else {
                throw Problem(
                    line: line, key: nil, reason: "contains \(Visible.name(scalar)), which is invisible; remove it")
            }
        }
    }

    /// An alias stands for its anchor's whole content, so a short file can expand without limit, and Yams expands
    /// aliases while parsing. A text without anchors or without aliases cannot; ``Document`` refuses single anchors
    /// later.
    ///
    /// The check is approximate, because it ignores quoting: it also refuses a text with both ` &word` and ` *word` in
    /// quotes.
    private static func checkAliases(_ scalars: Substring.UnicodeScalarView) throws(Problem) {
        var anchor: (line: Int, name: String)?
        var hasAlias = false
        var line = 1
        var rest = Array(String(scalars).utf8)[...]
        while !rest.isEmpty {
            let content = rest.prefix { $0 != 0x0A && $0 != 0x0D }
            if let name = word(after: UInt8(ascii: "&"), in: content), anchor == nil { anchor = (line, name) }
            if word(after: UInt8(ascii: "*"), in: content) != nil { hasAlias = true }
            rest = rest[content.endIndex...]
            if rest.starts(with: [0x0D, 0x0A]) { rest.removeFirst() }
            rest = rest.dropFirst()
            line += 1
        }
        if let anchor, hasAlias { throw anchored(anchor.name, line: anchor.line, key: nil) }
    }

    static func anchored(_ name: String, line: Int?, key: String?) -> Problem {
        Problem(
            line: line, key: key,
            reason: "`&\(Visible.text(name))`: anchors and aliases are not read; write the value where it belongs")
    }

    /// The word after `sign`, if YAML may read it as an anchor or an alias.
    private static func word(after sign: UInt8, in line: ArraySlice<UInt8>) -> String? {
        // A comment line, unless it is inside a multi-line quoted text; the quote then ends in this line.
        if line.first(where: { $0 != 0x20 && $0 != 0x09 }) == UInt8(ascii: "#"),
            !line.contains(UInt8(ascii: "\"")), !line.contains(UInt8(ascii: "'"))
        {
            return nil
        }
        var previous = UInt8(ascii: " ")
        for (index, byte) in zip(line.indices, line) {
            defer { previous = byte }
            guard byte == sign, " \t[]{},:?-!".utf8.contains(previous) else { continue }
            let name = line[(index + 1)...].prefix(while: isWordByte)
            if !name.isEmpty { return String(decoding: name, as: UTF8.self) }
        }
        return nil
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == 0x5F || byte == 0x2D
    }
}
