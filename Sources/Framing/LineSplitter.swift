import Glibc
package import NIOCore

/// Splits a byte stream into lines at 0x0A only: JSON text may contain U+2028 and a carriage return.
///
/// A line that arrives in one read is a slice of it. The beginning of an incomplete line is copied, so that it does not
/// keep the whole read alive.
package struct LineSplitter {
    /// The longest line, in bytes. Bounds the memory.
    package let limit: Int
    /// Bytes not split yet.
    private var incoming = ByteBuffer()
    /// The beginning of an incomplete line.
    private var begun = ByteBuffer()

    package init(limit: Int) { self.limit = limit }

    package struct LineTooLong: Error {}

    package mutating func append(_ bytes: ByteBuffer) {
        if incoming.readableBytes == 0 { incoming = bytes } else { incoming.writeImmutableBuffer(bytes) }
    }

    /// The next complete line without its line end, or nil if it needs more bytes.
    package mutating func next() throws(LineTooLong) -> ByteBuffer? {
        guard let length = incoming.withUnsafeReadableBytes(Self.lineLength) else {
            guard begun.readableBytes + incoming.readableBytes <= limit else { throw LineTooLong() }
            if incoming.readableBytes > 0 { begun.writeBuffer(&incoming) }
            incoming = ByteBuffer()
            return nil
        }
        guard begun.readableBytes + length <= limit else { throw LineTooLong() }
        let end = incoming.readSlice(length: length)
        incoming.moveReaderIndex(forwardBy: 1)
        guard begun.readableBytes > 0 else { return end }
        var line = begun
        begun = ByteBuffer()
        if var end { line.writeBuffer(&end) }
        return line
    }

    private static func lineLength(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard let start = bytes.baseAddress, let end = memchr(start, 0x0A, bytes.count) else { return nil }
        return UnsafeRawPointer(end) - start
    }
}
