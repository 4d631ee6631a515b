import ConnectorState
import JSON
import NIOCore
import NIOHTTP1

/// Reads an HTTP response that refuses the upgrade: its status and the server's message.
final class Refusal: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    struct Answer: Error {
        let end: DisconnectReason
    }

    /// The most body bytes read.
    private static let longestBody = 4_096
    private static let longestWords = 300

    private let answered: EventLoopPromise<NIOLoopBound<ServerSocket>>
    private var status = 0
    private var location: String?
    private var body = ByteBuffer()

    /// `answered` fails with an ``Answer``.
    init(_ answered: EventLoopPromise<NIOLoopBound<ServerSocket>>) { self.answered = answered }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            status = Int(head.status.code)
            location = head.headers.first(name: "Location")
        case .body(let part) where body.readableBytes + part.readableBytes <= Self.longestBody:
            body.writeImmutableBuffer(part)
        case .body: break
        case .end: answer(context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) { answer(context) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { answer(context) }

    private func answer(_ context: ChannelHandlerContext) {
        answered.fail(Answer(end: DisconnectReason(httpStatus: status, words: words)))
        context.close(promise: nil)
    }

    private var words: String? {
        let said = body.withUnsafeReadableBytes { try? JSONValue(parsing: $0) }?["error"]?.stringValue
        guard let text = said ?? location.map({ "it is at \($0)" }) else { return nil }
        return String(text.prefix(Self.longestWords))
    }
}
