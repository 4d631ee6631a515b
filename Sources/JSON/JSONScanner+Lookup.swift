extension JSONScanner {
    /// The range of the value at `path`, looked up member by member from the value at `range`; nil if a member is
    /// absent or the text is invalid there. Builds no values, for responses of many megabytes of which only one id is
    /// needed.
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

    /// Skips white space and returns whether `byte` is next.
    public mutating func isBefore(_ byte: UInt8) -> Bool {
        skipWhitespace()
        return !isAtEnd && bytes[offset] == byte
    }

    /// Takes ASCII letters and `_`, as in an unquoted JavaScript member name; nil if there are none.
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
