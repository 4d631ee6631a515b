extension JSONScanner {
    /// Where the value stands that `path` leads to, member by member, starting in the value at `range`; nil when
    /// some member is absent or the text is broken there. Builds nothing, for answers of many megabytes of which
    /// one id is wanted.
    public static func find(_ path: String..., in bytes: UnsafeRawBufferPointer, at range: Range<Int>? = nil)
        -> Range<Int>?
    {
        var found = range ?? 0..<bytes.count
        for key in path {
            guard let member = try? member(key, in: bytes, at: found) else { return nil }
            found = member
        }
        return found
    }

    private static func member(_ key: String, in bytes: UnsafeRawBufferPointer, at range: Range<Int>)
        throws(JSONError) -> Range<Int>?
    {
        var scanner = JSONScanner(UnsafeRawBufferPointer(rebasing: bytes[range]))
        guard scanner.take(UInt8(ascii: "{")), !scanner.take(UInt8(ascii: "}")) else { return nil }
        repeat {
            scanner.skipWhitespace()
            let name = try scanner.unescaped(try scanner.skipString())
            try scanner.expect(UInt8(ascii: ":"))
            let value = try scanner.skipValue()
            if name.isIdentical(to: key) {
                return (value.lowerBound + range.lowerBound)..<(value.upperBound + range.lowerBound)
            }
        } while scanner.take(UInt8(ascii: ","))
        return nil
    }

    /// Is `byte` next, white space before it left out?
    public mutating func isBefore(_ byte: UInt8) -> Bool {
        skipWhitespace()
        return !isAtEnd && bytes[offset] == byte
    }

    /// Steps over ASCII letters and `_`, as JavaScript writes a member's name without quotes; nil when none is next.
    public mutating func takeIdentifier() -> String? {
        let start = offset
        var end = offset
        while end < bytes.count, bytes[end] == UInt8(ascii: "_") || (bytes[end] | 0x20) &- UInt8(ascii: "a") < 26 {
            end += 1
        }
        guard end > start else { return nil }
        move(to: end)
        return text(start..<end)
    }
}
