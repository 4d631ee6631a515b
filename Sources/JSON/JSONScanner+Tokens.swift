extension JSONScanner {
    /// A string's bytes between its quotes, and whether they must be unescaped before they mean what they say.
    public struct StringToken: Sendable {
        public let content: Range<Int>
        public let isEscaped: Bool
    }

    /// Steps over a string. The cursor must stand on its opening quote.
    public mutating func skipString() throws(JSONError) -> StringToken {
        guard try peek() == UInt8(ascii: "\"") else { throw JSONError(.unexpectedByte, at: offset) }
        var index = offset + 1
        let start = index
        var isEscaped = false
        while true {
            index = plainEnd(from: index)
            guard index < bytes.count else { break }
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                move(to: index + 1)
                return StringToken(content: start..<index, isEscaped: isEscaped)
            }
            if byte == UInt8(ascii: "\\") {
                isEscaped = true
                index = try skipEscape(at: index)
            } else {
                throw JSONError(.badString, at: index)
            }
        }
        throw JSONError(.unexpectedEnd, at: bytes.count)
    }

    /// The first byte from `start` on that means something in a string: a quote, a backslash or a control character.
    ///
    /// Most strings are short; in a long one hardly a byte means anything, so it is held against all three in stretches,
    /// by a loop that the compiler makes wide.
    @inline(__always)
    private func plainEnd(from start: Int) -> Int {
        var index = wordwiseEnd(from: start, to: min(start + 24, bytes.count))
        guard index == start + 24 else { return index }
        while index + Self.stretch <= bytes.count, isPlain(index..<(index + Self.stretch)) { index += Self.stretch }
        return wordwiseEnd(from: index, to: bytes.count)
    }

    /// In bytes. Short, since what is found in a stretch is looked for again word by word.
    private static let stretch = 64

    @inline(never)
    private func isPlain(_ range: Range<Int>) -> Bool {
        var found: UInt8 = 0
        for index in range {
            let byte = bytes[index]
            found |= (byte < 0x20 ? 1 : 0) | (byte == 0x5C ? 1 : 0) | (byte == 0x22 ? 1 : 0)
        }
        return found == 0
    }

    /// Eight bytes at a time. Each test sets the highest bit of a byte that it finds, and may set it wrongly only above
    /// one that it has found, which does not matter: the lowest is taken.
    @inline(__always)
    private func wordwiseEnd(from start: Int, to limit: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highest = ones << 7
        var index = start
        while index + 8 <= limit {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let quotes = word ^ (ones &* 0x22)
            let backslashes = word ^ (ones &* 0x5C)
            let found =
                ((quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes | (word &- ones &* 0x20) & ~word)
                & highest
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < limit {
            switch bytes[index] {
            case 0x22, 0x5C, 0..<0x20: return index
            default: index += 1
            }
        }
        return index
    }

    private func skipEscape(at start: Int) throws(JSONError) -> Int {
        guard start + 1 < bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
        switch bytes[start + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return start + 2
        case UInt8(ascii: "u"):
            let unit = try codeUnit(at: start)
            guard (0xD800..<0xE000).contains(unit) else { return start + 6 }
            // Half of a surrogate pair means nothing; codex drops a message with one without an answer.
            guard unit < 0xDC00, start + 7 < bytes.count, bytes[start + 6] == UInt8(ascii: "\\"),
                bytes[start + 7] == UInt8(ascii: "u"), (0xDC00..<0xE000).contains(try codeUnit(at: start + 6))
            else { throw JSONError(.badEscape, at: start) }
            return start + 12
        default:
            throw JSONError(.badEscape, at: start)
        }
    }

    /// The value of the `\uXXXX` at `start`.
    private func codeUnit(at start: Int) throws(JSONError) -> UInt32 {
        guard start + 6 <= bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
        var unit: UInt32 = 0
        for index in (start + 2)..<(start + 6) {
            guard let digit = hexDigit(bytes[index]) else { throw JSONError(.badEscape, at: index) }
            unit = unit << 4 | digit
        }
        return unit
    }

    /// Steps over a number (RFC 8259 section 6: no leading zero, no plus sign, no bare dot).
    mutating func skipNumber() throws(JSONError) {
        var index = offset
        func digits() throws(JSONError) {
            let start = index
            while index < bytes.count, isDigit(bytes[index]) { index += 1 }
            guard index > start else {
                throw JSONError(index < bytes.count ? .unexpectedByte : .unexpectedEnd, at: index)
            }
        }
        if bytes[index] == UInt8(ascii: "-") { index += 1 }
        if index < bytes.count, bytes[index] == UInt8(ascii: "0") {
            index += 1
            if index < bytes.count, isDigit(bytes[index]) { throw JSONError(.badNumber, at: index) }
        } else {
            try digits()
        }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            try digits()
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
                index += 1
            }
            try digits()
        }
        move(to: index)
    }
}

func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
}
