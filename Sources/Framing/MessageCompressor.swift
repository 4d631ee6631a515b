import CDeflate
package import NIOCore

/// Compresses messages for one peer (permessage-deflate, RFC 7692), each with what earlier ones have in common with it.
package final class MessageCompressor {
    /// A small window is enough: a thread's notifications resemble the ones just before them. In bits.
    package static let windowBits = 11
    // With this window 12 KiB per socket; the default would take 264 KiB.
    private static let memoryLevel: CInt = 3
    private static let level: CInt = 6

    private let stream: OpaquePointer
    private let forgets: Bool

    /// nil if there is no memory. `windowBits`: at most this window (9 to 15). `forgets`: each message is compressed by
    /// itself (`server_no_context_takeover`).
    package init?(windowBits: Int = windowBits, forgets: Bool = false) {
        let bits = CInt(min(windowBits, Self.windowBits))
        guard let stream = compressor_create(bits, Self.memoryLevel, Self.level) else { return nil }
        self.stream = stream
        self.forgets = forgets
    }

    deinit { compressor_free(stream) }

    /// nil if the message is empty or cannot be compressed: send it as it is. The peer then learns nothing of it.
    package func compressed(_ message: ByteBuffer) -> ByteBuffer? {
        guard message.readableBytes > 0 else { return nil }
        if forgets { compressor_reset(stream) }
        let room = compressor_bound(stream, message.readableBytes)
        var output = ByteBuffer()
        let count = output.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { output in
            message.withUnsafeReadableBytes { bytes in
                guard let from = bytes.bindMemory(to: UInt8.self).baseAddress,
                    let to = output.bindMemory(to: UInt8.self).baseAddress
                else { return 0 }
                return compressor_message(stream, from, bytes.count, to, output.count)
            }
        }
        guard count > 0 else {
            compressor_reset(stream)
            return nil
        }
        return output
    }
}
