@testable import Framing
import NIOCore
import NIOEmbedded
import Testing

/// Many messages become one write, in order.
@Suite struct OutboundBatchTests {
    @Test func aBatchIsOneWrite() throws {
        let (channel, batch) = try Self.batch()
        batch.add(.text, ByteBuffer(string: "a"))
        batch.add(.text, ByteBuffer(string: "b"), isFinal: false, isMasked: true)
        #expect(try channel.readOutbound(as: ByteBuffer.self) == nil)
        batch.flush()
        #expect(try Self.written(channel) == [[0x81, 1, 0x61, 0x01, 0x81, 0, 0, 0, 0, 0x62]])
        batch.flush()
        #expect(try Self.written(channel) == [])
    }

    @Test func linesEndInANewline() throws {
        let (channel, batch) = try Self.batch()
        batch.add(line: ByteBuffer(string: "one"))
        batch.add(line: ByteBuffer(string: ""))
        batch.flush()
        #expect(try Self.written(channel) == [Array("one\n\n".utf8)])
    }

    @Test(arguments: [0, 1, 125, 126, 65_535, 65_536, 200_000])
    func everyLengthIsReadAsItWasWritten(_ length: Int) throws {
        let (channel, batch) = try Self.batch()
        let payload = ByteBuffer(repeating: 0x78, count: length)
        batch.add(.text, payload)
        batch.add(.text, ByteBuffer(string: "after"))
        batch.flush()
        var decoder = FrameDecoder(maximumPayload: 1 << 20)
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) { decoder.append(bytes) }
        #expect(try decoder.next()?.payload == payload)
        #expect(try decoder.next()?.payload == ByteBuffer(string: "after"))
    }

    /// NIO reports during a write that the channel is full, and the handler of that event may send and flush.
    @Test func whatIsSentDuringAWriteComesBehindIt() throws {
        let channel = EmbeddedChannel(handlers: [Full(), Sender()])
        let sender = try channel.pipeline.syncOperations.handler(type: Sender.self)
        let large = ByteBuffer(repeating: 0x78, count: 100_000)
        sender.batch?.add(.binary, large)
        sender.batch?.flush()
        var decoder = FrameDecoder(maximumPayload: 1 << 20)
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) { decoder.append(bytes) }
        #expect(try decoder.next()?.payload == large)
        #expect(sender.wasTold)
        #expect(try decoder.next()?.payload == ByteBuffer(string: "full"))
    }

    private static func batch() throws -> (EmbeddedChannel, OutboundBatch) {
        let channel = EmbeddedChannel(handler: Sender())
        let context = try channel.pipeline.syncOperations.context(handlerType: Sender.self)
        return (channel, OutboundBatch(context))
    }

    private static func written(_ channel: EmbeddedChannel) throws -> [[UInt8]] {
        var writes: [[UInt8]] = []
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) { writes.append(Array(buffer: bytes)) }
        return writes
    }
}

private final class Sender: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    var batch: OutboundBatch?
    var wasTold = false

    func handlerAdded(context: ChannelHandlerContext) { batch = OutboundBatch(context) }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard !wasTold else { return }
        wasTold = true
        batch?.add(.text, ByteBuffer(string: "full"))
        batch?.flush()
    }
}

/// A channel that reports its limit during each write, as NIO's channels do.
private final class Full: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        context.write(data, promise: promise)
        context.fireChannelWritabilityChanged()
    }
}
