import Dispatch
import Glibc
import NIOCore

/// Standard input and output, each on its own thread. They may be files, terminals or shared pipes, for which neither
/// epoll nor O_NONBLOCK works.
struct InputReader: Sendable {
    enum Chunk: Sendable {
        case bytes(ByteBuffer)
        case end
        /// Why reading failed.
        case fault(String)
    }

    private static let chunkSize = 64 << 10

    private let queue = DispatchQueue(label: "input")
    let descriptor: CInt

    /// Reads once, and calls `deliver` on the stream's thread.
    func read(_ deliver: @escaping @Sendable (Chunk) -> Void) {
        queue.async { [descriptor] in deliver(Self.read(descriptor)) }
    }

    private static func read(_ descriptor: CInt) -> Chunk {
        var buffer = ByteBufferAllocator().buffer(capacity: chunkSize)
        while true {
            var count = 0
            buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: chunkSize) { room in
                count = Glibc.read(descriptor, room.baseAddress, room.count)
                return max(0, count)
            }
            if count > 0 { return .bytes(buffer) }
            if count == 0 { return .end }
            let reason = errno
            guard Blocking.isWorthAnotherTry(descriptor, POLLIN) else {
                return .fault(String(cString: strerror(reason)))
            }
        }
    }
}

struct OutputWriter: Sendable {
    private let queue = DispatchQueue(label: "output")
    let descriptor: CInt

    /// Writes all bytes, and calls `done` on the stream's thread with the error, or nil on success.
    func write(_ bytes: ByteBuffer, _ done: @escaping @Sendable (String?) -> Void) {
        queue.async { [descriptor] in done(Self.write(bytes, to: descriptor)) }
    }

    private static func write(_ bytes: ByteBuffer, to descriptor: CInt) -> String? {
        var rest = bytes
        while rest.readableBytes > 0 {
            let count = rest.withUnsafeReadableBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest.moveReaderIndex(forwardBy: count)
            } else {
                let reason = errno
                guard Blocking.isWorthAnotherTry(descriptor, POLLOUT) else { return String(cString: strerror(reason)) }
            }
        }
        return nil
    }
}

private enum Blocking {
    /// Whether to repeat a failed call: it was interrupted, or it would have blocked because another process made the
    /// descriptor non-blocking. In that case waits until the descriptor is ready.
    static func isWorthAnotherTry(_ descriptor: CInt, _ event: CInt) -> Bool {
        switch errno {
        case EINTR: return true
        case EAGAIN:
            var waiting = pollfd(fd: descriptor, events: Int16(event), revents: 0)
            poll(&waiting, 1, -1)
            return true
        default: return false
        }
    }
}
