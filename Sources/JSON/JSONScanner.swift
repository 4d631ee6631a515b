/// Walks over JSON text (RFC 8259) and checks its grammar without building anything: no allocation.
///
/// The bytes must outlive the scanner; it is a cursor that lives inside one `withUnsafeBytes`.
public struct JSONScanner {
    /// Levels of nesting, the outermost value's included; more is refused. serde_json, which reads behind us in codex,
    /// drops a message of 128 levels without an answer.
    public static let maximumDepth = 127

    let bytes: UnsafeRawBufferPointer
    public private(set) var offset: Int

    public init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        self.offset = 0
    }

    public var isAtEnd: Bool { offset == bytes.count }

    @inline(__always)
    mutating func move(to offset: Int) { self.offset = offset }

    @inline(__always)
    func peek() throws(JSONError) -> UInt8 {
        guard offset < bytes.count else { throw JSONError(.unexpectedEnd, at: offset) }
        return bytes[offset]
    }

    @inline(__always)
    public mutating func skipWhitespace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return
            }
        }
    }

    /// Steps over `byte` when it is next, white space before it included.
    @inline(__always)
    public mutating func take(_ byte: UInt8) -> Bool {
        skipWhitespace()
        guard offset < bytes.count, bytes[offset] == byte else { return false }
        offset += 1
        return true
    }

    @inline(__always)
    public mutating func expect(_ byte: UInt8) throws(JSONError) {
        guard take(byte) else {
            throw JSONError(offset < bytes.count ? .unexpectedByte : .unexpectedEnd, at: offset)
        }
    }

    public mutating func expectEnd() throws(JSONError) {
        skipWhitespace()
        guard isAtEnd else { throw JSONError(.trailingBytes, at: offset) }
    }

    /// Steps over one value of any kind and returns the bytes it covers.
    @discardableResult
    public mutating func skipValue(depth: Int = 0) throws(JSONError) -> Range<Int> {
        skipWhitespace()
        let start = offset
        switch try peek() {
        case UInt8(ascii: "\""): _ = try skipString()
        case UInt8(ascii: "{"): try skipObject(depth: depth)
        case UInt8(ascii: "["): try skipArray(depth: depth)
        case UInt8(ascii: "t"): try skipLiteral("true")
        case UInt8(ascii: "f"): try skipLiteral("false")
        case UInt8(ascii: "n"): try skipLiteral("null")
        default: try skipNumber()
        }
        return start..<offset
    }

    private mutating func skipObject(depth: Int) throws(JSONError) {
        guard depth < Self.maximumDepth else { throw JSONError(.tooDeep, at: offset) }
        try expect(UInt8(ascii: "{"))
        if take(UInt8(ascii: "}")) { return }
        repeat {
            skipWhitespace()
            _ = try skipString()
            try expect(UInt8(ascii: ":"))
            try skipValue(depth: depth + 1)
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
    }

    private mutating func skipArray(depth: Int) throws(JSONError) {
        guard depth < Self.maximumDepth else { throw JSONError(.tooDeep, at: offset) }
        try expect(UInt8(ascii: "["))
        if take(UInt8(ascii: "]")) { return }
        repeat {
            try skipValue(depth: depth + 1)
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
    }

    mutating func skipLiteral(_ literal: StaticString) throws(JSONError) {
        let end = offset + literal.utf8CodeUnitCount
        guard end <= bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
        for index in offset..<end where bytes[index] != literal.utf8Start[index - offset] {
            throw JSONError(.unexpectedByte, at: index)
        }
        offset = end
    }
}
