import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import ServiceLifecycle

/// The HTTP side of the model: authorization, decoding the body, sending the answer.
struct ModelResponder: Sendable {
    /// Conversations with images are large, and codex sends the whole conversation each time.
    private static let bodyLimit = 64 << 20

    let mode: ScriptedModelServer.Mode
    let token: BearerToken
    let observer: (any RequestObserver)?

    func respond(to request: Request, on channel: any Channel) async -> Response {
        guard token.isCarried(by: request.headers) else {
            return Self.error(.unauthorized, "missing or wrong bearer token")
        }
        switch (request.method, request.uri.path) {
        case (.post, "/v1/responses"): return await answer(request, on: channel)
        case (.get, "/requests"):
            guard let observer else { break }
            return Self.json(.ok, observer.report())
        default: break
        }
        return Self.error(.notFound, "no such resource")
    }

    private func answer(_ original: Request, on channel: any Channel) async -> Response {
        var request = original
        let bytes: [UInt8]
        do {
            bytes = Array(try await request.collectBody(upTo: Self.bodyLimit).readableBytesView)
        } catch {
            return Self.error(.contentTooLarge, "the body cannot be read: \(error)")
        }
        do {
            let body = try JSONValue(parsing: bytes)
            let parsed = try ResponsesRequest(body: body)
            observer?.observe(headers: request.headers.map { ($0.name.canonicalName, $0.value) }, body: body)
            let step = ScriptedModel.step(for: parsed, mode: mode)
            if case .refuse(let status, let message) = step.action {
                if step.delayMilliseconds > 0 { try await Task.sleep(for: .milliseconds(step.delayMilliseconds)) }
                return Self.error(HTTPResponse.Status(code: status), message)
            }
            let seed = Hexadecimal.digits(of: UInt64.random(in: .min ... .max))
            let ids = ResponseIDs(seed: seed)
            let stream = ResponseStream(step: step, request: parsed, ids: ids, inputBytes: bytes.count)
            return send(stream, answering: request, on: channel)
        } catch let error as RequestError {
            return Self.error(.badRequest, error.message)
        } catch {
            return Self.error(.badRequest, "\(error)")
        }
    }

    /// The stream ends early when codex closes the connection, and when the server stops.
    private func send(_ stream: ResponseStream, answering request: Request, on channel: any Channel) -> Response {
        Response(
            status: .ok, headers: Self.headers(contentType: "text/event-stream"),
            body: ResponseBody { writer in
                try await withGracefulShutdownHandler {
                    try await request.body.consumeWithCancellationOnInboundClose { _ in
                        try await EventWriter.write(stream, to: &writer)
                    }
                } onGracefulShutdown: {
                    channel.close(promise: nil)
                }
                try await writer.finish(nil)
            })
    }

    /// A connection whose input end has been watched cannot be reused, so clients are told to close it.
    private static func headers(contentType: String) -> HTTPFields {
        [.contentType: contentType, .cacheControl: "no-store", .connection: "close"]
    }

    private static func error(_ status: HTTPResponse.Status, _ message: String) -> Response {
        json(status, ["error": ["message": .string(message), "type": "scripted_model_error"]])
    }

    private static func json(_ status: HTTPResponse.Status, _ value: JSONValue) -> Response {
        Response(
            status: status, headers: headers(contentType: "application/json"),
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: value.serialized())))
    }
}
