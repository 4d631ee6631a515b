import Glibc
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// What an agent writes to its standard error: logged at debug level, its end kept for the message that says why
/// an agent did not start. A flood is read and thrown away, so that the agent does not stall on it.
final class StandardError: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    /// How many bytes of the end are kept.
    static let keptBytes = 2_048

    private let kept = Mutex<[UInt8]>([])
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    /// The descriptor to give to the child as its standard error; the caller closes it after the start.
    func open(on group: any EventLoopGroup) throws -> Int32 {
        let (reading, writing) = try Pipes.make()
        _ = NIOPipeBootstrap(group: group).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(self) }
        }.takingOwnershipOfDescriptor(input: reading)
        return writing
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data).readableBytesView
        kept.withLock { kept in
            kept += bytes.suffix(Self.keptBytes)
            if kept.count > Self.keptBytes { kept.removeFirst(kept.count - Self.keptBytes) }
        }
        logger.debug("agent stderr", metadata: ["text": "\(String(decoding: bytes.prefix(1_000), as: UTF8.self))"])
    }

    /// The last line, for people.
    var lastLine: String? {
        let text = String(decoding: kept.withLock { $0 }, as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).last.map { String($0.prefix(300)) }
    }
}
