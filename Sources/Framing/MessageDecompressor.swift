import CDeflate
package import NIOCore
import NIOPosix

/// Decompresses messages that refer to no earlier ones (`client_no_context_takeover`, RFC 7692), so that the
/// connections of an event loop can share it.
package final class MessageDecompressor {
    package enum Fault: Error {
        case broken
        /// The message is larger than the limit.
        case tooLong
    }

    private static let smallest = 1 << 10

    private let stream: OpaquePointer

    private init?() {
        guard let stream = decompressor_create() else { return nil }
        self.stream = stream
    }

    deinit { decompressor_free(stream) }

    /// nil if there is no memory.
    package static var ofThisThread: MessageDecompressor? {
        if let own = byThread.currentValue { return own }
        let own = MessageDecompressor()
        byThread.currentValue = own
        return own
    }

    // Each thread sees only its own value.
    private nonisolated(unsafe) static let byThread = ThreadSpecificVariable<MessageDecompressor>()

    /// `limit` is the largest message, in bytes: no more than that is decompressed.
    package func message(_ compressed: ByteBuffer, limit: Int) throws(Fault) -> ByteBuffer {
        var output = ByteBuffer()
        let state = compressed.withUnsafeReadableBytes { bytes in
            decompressor_begin(stream, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
            var state = decompressor_full
            while state == decompressor_full, output.readableBytes <= limit {
                // One byte more than the limit shows that the message is longer.
                let left = limit + 1 - output.readableBytes
                let room = min(left, max(output.readableBytes, 4 * bytes.count, Self.smallest))
                output.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { output in
                    var written = 0
                    state = decompressor_continue(
                        stream, output.bindMemory(to: UInt8.self).baseAddress, min(output.count, left), &written)
                    return written
                }
            }
            return state
        }
        guard output.readableBytes <= limit else { throw .tooLong }
        guard state == decompressor_done else { throw .broken }
        return output
    }
}
