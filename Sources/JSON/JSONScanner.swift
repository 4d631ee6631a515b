/// Scans JSON text (RFC 8259) and checks its grammar without building values: no allocation.
///
/// The bytes must outlive the scanner; it is a cursor that lives inside one `withUnsafeBytes`.
public struct JSONScanner {
    /// Maximum levels of nesting, including the outermost value; deeper texts are refused. codex's parser (serde_json)
    /// drops a message of 128 levels without an answer.
    public static let maximumDepth = 127

    let bytes: UnsafeRawBufferPointer
    let count: Int
    public private(set) var offset: Int

    public init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        self.count = bytes.count
        self.offset = 0
    }

    public var isAtEnd: Bool { offset == count }

    @inline(__always)
    mutating func move(to offset: Int) { self.offset = offset }

    @inline(__always)
    func peek() throws(JSONError) -> UInt8 {
        guard offset < count else { throw JSONError(.unexpectedEnd, at: offset) }
        return bytes[offset]
    }

    @inline(__always)
    public mutating func skipWhitespace() {
        offset = whitespaceEnd(from: offset)
    }

    /// Skips white space, then `byte` if it is next.
    @inline(__always)
    public mutating func take(_ byte: UInt8) -> Bool {
        skipWhitespace()
        guard offset < count, bytes[offset] == byte else { return false }
        offset += 1
        return true
    }

    @inline(__always)
    public mutating func expect(_ byte: UInt8) throws(JSONError) {
        guard take(byte) else {
            throw JSONError(offset < count ? .unexpectedByte : .unexpectedEnd, at: offset)
        }
    }

    public mutating func expectEnd() throws(JSONError) {
        skipWhitespace()
        guard isAtEnd else { throw JSONError(.trailingBytes, at: offset) }
    }

    /// Skips one value of any kind and returns its range. `depth` is the number of values around it.
    @discardableResult
    public mutating func skipValue(depth: Int = 0) throws(JSONError) -> Range<Int> {
        skipWhitespace()
        let start = offset
        guard start < count else { throw JSONError(.unexpectedEnd, at: start) }
        switch bytes[start] {
        case UInt8(ascii: "{"), UInt8(ascii: "["): offset = try containerEnd(at: start, depth: depth)
        case let first: offset = try scalarEnd(at: start, first)
        }
        return start..<offset
    }

    mutating func skipLiteral(_ literal: StaticString) throws(JSONError) {
        offset = try literalEnd(at: offset, literal)
    }

    /// Skips a number. The cursor must be at its start.
    mutating func skipNumber() throws(JSONError) { offset = try numberEnd(at: offset) }
}
