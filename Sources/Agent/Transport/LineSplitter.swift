import NIOCore

/// Cuts a byte stream into lines at 0x0A, and only there: JSON text may hold U+2028 and a carriage return.
struct LineSplitter {
    /// What does not end within this many bytes is given up, so that memory stays bounded.
    let limit: Int
    private var pending = ByteBuffer()
    /// How much of `pending` has been searched already, so that a long line is not searched again and again.
    private var searched = 0

    init(limit: Int) { self.limit = limit }

    struct LineTooLong: Error {}

    mutating func append(_ bytes: ByteBuffer) {
        if pending.readableBytes == 0 {
            pending = bytes
            searched = 0
        } else {
            pending.writeImmutableBuffer(bytes)
        }
    }

    /// The next whole line without its end; nil when more bytes are needed.
    mutating func next() throws -> ByteBuffer? {
        let view = pending.readableBytesView
        guard let end = view[(view.startIndex + searched)...].firstIndex(of: 0x0A) else {
            searched = pending.readableBytes
            guard searched <= limit else { throw LineTooLong() }
            return nil
        }
        let length = end - view.startIndex
        searched = 0
        guard length <= limit else { throw LineTooLong() }
        let line = pending.readSlice(length: length)
        pending.moveReaderIndex(forwardBy: 1)
        if pending.readableBytes == 0 { pending = ByteBuffer() }
        return line
    }
}
