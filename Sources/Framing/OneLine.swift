import Glibc
package import NIOCore

extension ByteBuffer {
    /// A JSON text without line ends. The text may be formatted over several lines: between tokens a line end equals a
    /// space (RFC 8259 section 2), and a string cannot contain one.
    package var onOneLine: ByteBuffer {
        let isOnOneLine = withUnsafeReadableBytes { bytes in
            bytes.baseAddress.map { memchr($0, 0x0A, bytes.count) == nil } ?? true
        }
        if isOnOneLine { return self }
        return ByteBuffer(bytes: readableBytesView.lazy.map { $0 == 0x0A ? 0x20 : $0 })
    }
}
