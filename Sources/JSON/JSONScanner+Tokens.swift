extension JSONScanner {
    /// The range of a string between its quotes, and whether it contains escapes.
    public struct StringToken: Sendable {
        public let content: Range<Int>
        public let isEscaped: Bool
    }

    /// Skips a string. The cursor must be at its opening quote.
    public mutating func skipString() throws(JSONError) -> StringToken {
        guard try peek() == UInt8(ascii: "\"") else { throw JSONError(.unexpectedByte, at: offset) }
        let start = offset &+ 1
        let plain = plainEnd(from: start)
        if byte(at: plain) == UInt8(ascii: "\"") {
            move(to: plain &+ 1)
            return StringToken(content: start..<plain, isEscaped: false)
        }
        let end = try stringEnd(behind: plain)
        move(to: end &+ 1)
        return StringToken(content: start..<end, isEscaped: true)
    }

    /// The position of the closing quote of the string whose content begins at `start`.
    @inline(__always)
    func stringEnd(from start: Int) throws(JSONError) -> Int {
        let end = plainEnd(from: start)
        return byte(at: end) == UInt8(ascii: "\"") ? end : try stringEnd(behind: end)
    }

    /// The same for a string whose content is plain up to `start` and continues there with another byte.
    @inline(never)
    private func stringEnd(behind start: Int) throws(JSONError) -> Int {
        var index = start
        while index < count {
            switch bytes[index] {
            case UInt8(ascii: "\""): return index
            case UInt8(ascii: "\\"): index = plainEnd(from: try skipEscape(at: index))
            default: throw JSONError(.badString, at: index)
            }
        }
        throw JSONError(.unexpectedEnd, at: count)
    }

    /// The first quote, backslash or control character from `start` on.
    ///
    /// Most strings are short and are searched in words of eight bytes.
    @inline(__always)
    private func plainEnd(from start: Int) -> Int {
        var index = start
        while index &+ 8 <= count, index &- start < Self.shortLength {
            let found = Self.meaningful(bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            if found != 0 { return index &+ found.trailingZeroBitCount / 8 }
            index &+= 8
        }
        return longPlainEnd(from: index)
    }

    /// In bytes.
    private static let shortLength = 32

    /// Long strings contain hardly any of these bytes, so the string is checked for all three in chunks, by a loop that
    /// the compiler vectorizes.
    @inline(never)
    private func longPlainEnd(from start: Int) -> Int {
        var index = start
        while index &+ Self.stretch <= count, isPlain(index..<(index &+ Self.stretch)) { index &+= Self.stretch }
        while index &+ 8 <= count {
            let found = Self.meaningful(bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            if found != 0 { return index &+ found.trailingZeroBitCount / 8 }
            index &+= 8
        }
        while index < count {
            switch bytes[index] {
            case 0x22, 0x5C, 0..<0x20: return index
            default: index &+= 1
            }
        }
        return index
    }

    /// In bytes. Short, since a chunk with a match is searched again word by word.
    private static let stretch = 64

    @inline(__always)
    private func isPlain(_ range: Range<Int>) -> Bool {
        var found: UInt8 = 0
        for index in range {
            let byte = bytes[index]
            found |= (byte < 0x20 ? 1 : 0) | (byte == 0x5C ? 1 : 0) | (byte == 0x22 ? 1 : 0)
        }
        return found == 0
    }

    /// Sets the highest bit of each of eight bytes that is a quote, a backslash or a control character. Bits above a
    /// correct one may be wrong, which does not matter: the lowest is used.
    @inline(__always)
    private static func meaningful(_ eightBytes: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let word = UInt64(littleEndian: eightBytes)
        let quotes = word ^ (ones &* 0x22)
        let backslashes = word ^ (ones &* 0x5C)
        return ((quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes | (word &- ones &* 0x20) & ~word)
            & ones << 7
    }

    private func skipEscape(at start: Int) throws(JSONError) -> Int {
        guard start + 1 < count else { throw JSONError(.unexpectedEnd, at: count) }
        switch bytes[start + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return start + 2
        case UInt8(ascii: "u"):
            let unit = try codeUnit(at: start)
            guard (0xD800..<0xE000).contains(unit) else { return start + 6 }
            // A lone surrogate is not a character; codex drops a message with one without an answer.
            guard unit < 0xDC00, start + 7 < count, bytes[start + 6] == UInt8(ascii: "\\"),
                bytes[start + 7] == UInt8(ascii: "u"), (0xDC00..<0xE000).contains(try codeUnit(at: start + 6))
            else { throw JSONError(.badEscape, at: start) }
            return start + 12
        default:
            throw JSONError(.badEscape, at: start)
        }
    }

    /// The value of the `\uXXXX` at `start`.
    private func codeUnit(at start: Int) throws(JSONError) -> UInt32 {
        guard start + 6 <= count else { throw JSONError(.unexpectedEnd, at: count) }
        var unit: UInt32 = 0
        for index in (start + 2)..<(start + 6) {
            guard let digit = hexDigit(bytes[index]) else { throw JSONError(.badEscape, at: index) }
            unit = unit << 4 | digit
        }
        return unit
    }
}

func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
}
