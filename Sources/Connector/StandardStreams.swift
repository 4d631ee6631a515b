import Dispatch
import Glibc
import NIOCore

/// Standard input and output, each on a thread of its own: they may be files, terminals or pipes that others use too, so
/// that neither epoll nor O_NONBLOCK would do.
struct InputReader: Sendable {
    enum Chunk: Sendable {
        case bytes(ByteBuffer)
        case end
        /// Why it cannot be read.
        case fault(String)
    }

    private static let chunkSize = 64 << 10

    private let queue = DispatchQueue(label: "input")
    let descriptor: CInt

    /// Reads once, and delivers on the thread.
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

    /// Writes all of it, and says on the thread why it could not; nil when it could.
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
    /// After a call that failed: was it interrupted, or would it have blocked because somebody else has made the
    /// descriptor so? Then waits for it.
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
