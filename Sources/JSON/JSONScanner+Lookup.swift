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
}
