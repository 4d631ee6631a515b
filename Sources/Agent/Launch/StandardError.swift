import Glibc
import Logging
import NIOCore
import NIOPosix
import Session
import Synchronization

/// Receives an agent's standard error. Logs it at debug level and keeps its end for the message that says why an agent
/// did not start. Reads and discards excess output, so that the agent does not block on it.
final class StandardError: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    /// How many bytes at the end are kept.
    static let keptBytes = 2_048

    private let kept = Mutex<[UInt8]>([])
    /// The last read ended in the middle of a line.
    private let isWithinLine = Mutex(false)
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    /// The descriptor for the child's standard error. The caller closes it after the start.
    func open(on group: any EventLoopGroup) throws -> Int32 {
        let (reading, writing) = try Pipes.make()
        _ = NIOPipeBootstrap(group: group).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(self) }
        }.takingOwnershipOfDescriptor(input: reading)
        return writing
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        let count = min(buffer.readableBytes, Self.keptBytes)
        let end = buffer.getBytes(at: buffer.writerIndex - count, length: count) ?? []
        kept.withLock { $0 = Array(($0 + end).suffix(Self.keptBytes)) }
        let isRest = isWithinLine.withLock { isWithinLine in
            defer { isWithinLine = end.last != UInt8(ascii: "\n") }
            return isWithinLine
        }
        logger.debug("agent stderr", metadata: ["text": "\(Self.beginning(of: buffer, isRest: isRest))"])
    }

    /// Drops the rest of a line begun in an earlier read: a secret split across two reads is not recognized by its end.
    private static func beginning(of buffer: ByteBuffer, isRest: Bool) -> String {
        let text = buffer.getString(at: buffer.readerIndex, length: min(buffer.readableBytes, 4_096)) ?? ""
        guard isRest else { return FileQuotes.removed(from: text, longest: 1_000) }
        guard let newline = text.firstIndex(where: \.isNewline) else { return "…" }
        return "…" + FileQuotes.removed(from: String(text[newline...]), longest: 1_000)
    }

    /// Set if codex has started without its configuration.
    var misconfiguration: ConfigurationFault? {
        ConfigurationFault(inLog: String(decoding: kept.withLock { $0 }, as: UTF8.self))
    }

    /// The last line, for error messages.
    var lastLine: String? {
        let text = FileQuotes.withoutLines(String(decoding: kept.withLock { $0 }, as: UTF8.self))
            .replacing(/\u{1B}\[[0-9;]*m/, with: "")
        let last = text.split(whereSeparator: \.isNewline).last { $0.contains { !$0.isWhitespace } }
        return last.map { FileQuotes.removed(from: String($0), longest: 300) }
    }
}
