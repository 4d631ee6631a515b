import NIOCore
import NIOHTTP1

/// Answers what is no request of HTTP/1.1, or could be read in two ways, and closes the connection: 400, or 431 for too
/// long a head (RFC 9112 sections 2.2, 3.2, 5.2, 6.3). NIO's decoder reports most of it as an error, and nobody answers.
final class RequestGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    fileprivate struct Fault {
        let status: HTTPResponseStatus
        let message: String
    }

    /// Requests that have no whole answer yet: theirs come first.
    private var unanswered = 0
    private var fault: Fault?
    /// How long whoever still sends is listened to, so that the answer reaches them.
    private static let patience = TimeAmount.seconds(1)

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard fault == nil else { return }
        guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
        if let target = Self.absolute(head.uri) {
            // It counts, and not the Host header (RFC 9112 section 3.2.2).
            guard head.headers["Host"].count <= 1 else { return refuse(.twoHosts, context) }
            head.uri = target.path
            head.headers.replaceOrAdd(name: "Host", value: target.authority)
        }
        let hosts = head.headers["Host"].count
        if hosts > 1 { return refuse(.twoHosts, context) }
        if hosts == 0, head.version == .http1_1 { return refuse(.noHost, context) }
        unanswered += 1
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        refuse(error == .headerOverflow ? .tooLong : .unreadable, context)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let isEnd = if case .end = unwrapOutboundIn(data) { true } else { false }
        context.write(data, promise: promise)
        guard isEnd else { return }
        unanswered -= 1
        if unanswered == 0, fault != nil { answer(context) }
    }

    private func refuse(_ fault: Fault, _ context: ChannelHandlerContext) {
        guard self.fault == nil else { return }
        self.fault = fault
        if unanswered == 0 { answer(context) }
    }

    private func answer(_ context: ChannelHandlerContext) {
        guard let fault else { return }
        let channel = context.channel
        let answer = ErrorBody.lastAnswer(fault.status, fault.message)
        for part in answer.dropLast() { context.write(wrapOutboundOut(part), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            channel.close(mode: .output, promise: nil)
        }
        channel.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
    }

    /// What `http://HOST/PATH` names; nil for a target that is a path.
    private static func absolute(_ uri: String) -> (authority: String, path: String)? {
        let lower = uri.prefix(8).lowercased()
        guard let scheme = ["http://", "https://"].first(where: lower.hasPrefix) else { return nil }
        let rest = uri.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let path = rest.dropFirst(authority.count)
        return (String(authority), path.hasPrefix("/") ? String(path) : "/\(path)")
    }
}

extension RequestGuard.Fault {
    fileprivate static let twoHosts = Self(status: .badRequest, message: "The request has more than one Host header.")
    fileprivate static let noHost = Self(status: .badRequest, message: "The request has no Host header.")
    fileprivate static let unreadable = Self(status: .badRequest, message: "This is no request of HTTP/1.1.")
    fileprivate static let tooLong = Self(
        status: .requestHeaderFieldsTooLarge, message: "The head of the request is too long.")
}
