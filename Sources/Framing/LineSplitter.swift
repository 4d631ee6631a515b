import Glibc
package import NIOCore

/// Cuts a byte stream into lines at 0x0A, and only there: JSON text may hold U+2028 and a carriage return.
///
/// A line that came in one read is a slice of it. The beginning of one that goes on is copied, so that it does not
/// keep the whole read alive.
package struct LineSplitter {
    /// What does not end within this many bytes is given up, so that memory stays bounded.
    package let limit: Int
    /// What is still to be cut.
    private var incoming = ByteBuffer()
    /// The beginning of a line whose end has not come.
    private var begun = ByteBuffer()

    package init(limit: Int) { self.limit = limit }

    package struct LineTooLong: Error {}

    package mutating func append(_ bytes: ByteBuffer) {
        if incoming.readableBytes == 0 { incoming = bytes } else { incoming.writeImmutableBuffer(bytes) }
    }

    /// The next whole line without its end; nil when more bytes are needed.
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
