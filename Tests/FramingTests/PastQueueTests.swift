@testable import Framing
import Glibc
import NIOCore
import NIOPosix
import Testing

/// Writes that bypass the channel's queue keep their order: with a real socket, which accepts only part of a write.
@Suite struct PastQueueTests {
    @Test func everyLineComesOnceAndInItsPlace() async throws {
        var ends: [CInt] = [0, 0]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        let far = ends[1]
        let writer = NIOLoopBoundBox<Writer?>.makeEmptyBox(
            valueType: Writer.self, eventLoop: MultiThreadedEventLoopGroup.singleton.next())
        let channel = try await ClientBootstrap(group: writer.eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = Writer()
                    try channel.pipeline.syncOperations.addHandler(handler)
                    writer.value = handler
                }
            }
            .withConnectedSocket(ends[0]).get()

        var text: [UInt8] = []
        for _ in 0..<5 {
            // In one event loop tick: the socket fills up, the rest is queued, and then the socket has room again,
            // which the channel does not know yet.
            let (read, written) = try await channel.eventLoop.submit {
                let writer = try #require(writer.value)
                #expect(writer.isAtSocket)
                writer.writeUntilFull()
                let read = Self.read(from: far, 32 << 10)
                writer.write(10)
                return (read, writer.bytesWritten)
            }.get()
            text += read
            // Waits until everything has arrived: the queue is empty, and new writes bypass it again.
            let rest = written - text.count
            text += await Task.detached { Self.read(from: far, rest) }.value
        }
        let lines = text.split(separator: 0x0A).map { Int(String(decoding: $0, as: UTF8.self)) }
        #expect(lines.count > 5 && lines == Array(0..<lines.count))
        try await channel.close()
        close(far)
    }

    private static func read(from descriptor: CInt, _ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var length = 0
        while length < count {
            let more = bytes[length...].withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            guard more > 0 else { break }
            length += more
        }
        return Array(bytes[..<length])
    }
}

/// Writes the integers from 0 on, one a line.
private final class Writer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private var batch: OutboundBatch?
    private var channel: (any Channel)?
    private(set) var isAtSocket = false
    private(set) var bytesWritten = 0
    private var next = 0

    func handlerAdded(context: ChannelHandlerContext) {
        isAtSocket = context.socket != nil
        batch = OutboundBatch(context, descriptor: context.socket)
        channel = context.channel
    }

    func channelInactive(context: ChannelHandlerContext) { batch?.end() }

    func write(_ count: Int) {
        for number in next..<(next + count) {
            let line = ByteBuffer(string: "\(number)")
            bytesWritten += line.readableBytes + 1
            batch?.add(line: line)
        }
        next += count
        batch?.flush()
    }

    func writeUntilFull() {
        while channel?.isWritable == true { write(100) }
    }
}
