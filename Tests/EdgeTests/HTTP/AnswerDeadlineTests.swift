@testable import Edge
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

/// The deadline for a client to read a response.
@Suite struct AnswerDeadlineTests {
    /// Holds writes back until released, like a socket whose peer does not read.
    private final class Kernel: ChannelOutboundHandler {
        typealias OutboundIn = HTTPServerResponsePart
        private var kept: [EventLoopPromise<Void>] = []

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            if let promise { kept.append(promise) }
        }

        func letGo() {
            let promises = kept
            kept = []
            for promise in promises { promise.succeed() }
        }
    }

    private let kernel = Kernel()
    private let channel: EmbeddedChannel

    init() throws {
        channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandlers([kernel, AnswerDeadline()])
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    @Test func halfAMinute() {
        write(size: 100)
        channel.embeddedEventLoop.advanceTime(by: .seconds(29))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    @Test func aLargeAnswerMayTakeLonger() {
        write(size: 8_192 * 60)
        channel.embeddedEventLoop.advanceTime(by: .seconds(89))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    @Test func whatIsWrittenLaterCounts() {
        write(size: 100)
        channel.embeddedEventLoop.advanceTime(by: .seconds(20))
        write(size: 8_192 * 10)
        channel.embeddedEventLoop.advanceTime(by: .seconds(19))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    @Test func theNextAnswerHasItsOwnTime() {
        for _ in 0..<5 {
            write(size: 100)
            channel.embeddedEventLoop.advanceTime(by: .seconds(25))
            kernel.letGo()
            channel.embeddedEventLoop.advanceTime(by: .seconds(100))
        }
        #expect(channel.isActive)
    }

    private func write(size: Int) {
        let head = HTTPResponseHead(version: .http1_1, status: .ok)
        let parts: [HTTPServerResponsePart] = [
            .head(head), .body(.byteBuffer(ByteBuffer(repeating: 0, count: size))), .end(nil),
        ]
        for part in parts { channel.write(part, promise: nil) }
        channel.flush()
    }
}
