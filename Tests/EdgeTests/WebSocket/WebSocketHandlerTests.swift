@testable import Edge
import Framing
import NIOCore
import NIOEmbedded
import Relay
import Testing

/// A silent client is pinged every 20 s and disconnected after 60 s.
@Suite struct WebSocketHandlerTests {
    @Test func itIsAskedEveryTwentySeconds() throws {
        let channel = try Self.channel()
        for second in 1...50 {
            channel.embeddedEventLoop.advanceTime(by: .seconds(1))
            let bytes = try channel.readOutbound(as: ByteBuffer.self)
            #expect(bytes == (second % 20 == 0 ? ByteBuffer(bytes: [0x89, 0]) : nil), "after \(second) s")
        }
    }

    @Test func whoGivesNoneForAMinuteIsGivenUp() throws {
        let channel = try Self.channel()
        channel.embeddedEventLoop.advanceTime(by: .seconds(60))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(20))
        #expect(!channel.isActive)
    }

    @Test(arguments: [Opcode.pong, .text, .ping])
    func anyFrameIsASign(_ opcode: Opcode) throws {
        let channel = try Self.channel()
        for _ in 0..<10 {
            channel.embeddedEventLoop.advanceTime(by: .seconds(50))
            try channel.writeInbound(ByteBuffer(bytes: [0x80 | opcode.rawValue, 0x80, 1, 2, 3, 4]))
            #expect(channel.isActive)
        }
    }

    /// A peer that sends pings but does not read: earlier pings need no pong (RFC 6455 section 5.5.3).
    @Test func pingsAreNotAnsweredByTheThousandWhileNothingIsTaken() throws {
        let channel = try Self.channel()
        channel.isWritable = false
        for number in UInt8(0)..<100 {
            try channel.writeInbound(ByteBuffer(bytes: [0x89, 0x81, 0, 0, 0, 0, number]))
        }
        #expect(try channel.readOutbound(as: ByteBuffer.self) == nil)
        channel.isWritable = true
        channel.pipeline.fireChannelWritabilityChanged()
        #expect(try channel.readOutbound(as: ByteBuffer.self) == ByteBuffer(bytes: [0x8A, 1, 99]))
        #expect(try channel.readOutbound(as: ByteBuffer.self) == nil)
    }

    /// The header of a message of a mebibyte, and of it only the beginning.
    private static func beginning(_ count: Int) -> ByteBuffer {
        var bytes = ByteBuffer(bytes: [0x81, 0xFF, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0])
        bytes.writeRepeatingByte(0x61, count: count)
        return bytes
    }

    @Test func unfinishedMessagesOfOnePrincipalHaveALimitOverItsSockets() throws {
        let messages = UnfinishedMessages(limit: 300_000)
        func channel(_ principal: String) throws -> EmbeddedChannel {
            try Self.channel(maximumMessageSize: 1 << 20, .init(messages, principal: principal))
        }
        let first = try channel("ann"), second = try channel("ann"), other = try channel("bob")
        try first.writeInbound(Self.beginning(200_000))
        try other.writeInbound(Self.beginning(200_000))
        #expect(first.isActive && other.isActive)
        try second.writeInbound(Self.beginning(200_000))
        let close = try #require(try second.readOutbound(as: ByteBuffer.self))
        #expect(close.getInteger(at: 0, as: UInt8.self) == 0x88 && close.getInteger(at: 2, as: UInt16.self) == 1013)
        #expect(!second.isActive)
        try first.writeInbound(ByteBuffer(repeating: 0x61, count: (1 << 20) - 200_000))
        let third = try channel("ann")
        try third.writeInbound(Self.beginning(250_000))
        #expect(first.isActive && third.isActive, "the first message is complete")
    }

    private static func channel(
        maximumMessageSize: Int = 1_024, _ unfinished: UnfinishedMessages.Share? = nil
    ) throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(
            handler: WebSocketHandler(
                maximumMessageSize: maximumMessageSize, isAtSocket: true, unfinished: unfinished
            ) { _, _ in Nobody() })
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/x")).wait()
        return channel
    }
}

private final class Nobody: ClientReceiver {
    func clientSent(_ message: ByteBuffer) {}
    func clientPaused() {}
    func clientWritabilityChanged() {}
    func clientEnds() {}
    func clientClosed() {}
    func serverStops() {}
}
