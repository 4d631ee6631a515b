import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Relay
import Session

/// Every HTTP route. Open without signing in: health, readiness, the sign-in, and the page's own files, which hold
/// no secret and are needed to show the sign-in form.
struct Routes {
    let edge: EdgeContext
    let page: PageFiles

    func router() -> Router<EdgeRequestContext> {
        let router = Router(context: EdgeRequestContext.self)
        router.add(middleware: SecurityHeaders())
        router.add(middleware: DoorMiddleware(edge: edge))
        router.get("/healthz") { _, _ in json(["status": "ok"]) }
        router.get("/readyz") { _, _ in
            guard let reason = edge.notReady() else { return json(["status": "ready"]) }
            return json(["status": "not ready", "reason": .string(reason)], status: .serviceUnavailable)
        }
        router.get(RouterPath(UpgradeChannel.socketPath)) { _, _ in
            var response = DoorMiddleware.response(
                .upgradeRequired, "This is a WebSocket: open it with Sec-WebSocket-Version 13 and a Sec-WebSocket-Key.")
            if let name = HTTPField.Name("Sec-WebSocket-Version") { response.headers[name] = "13" }
            response.headers[.upgrade] = "websocket"
            return response
        }
        router.get("/") { request, _ in file("index.html", for: request) }
        router.get("/page/**") { request, context in
            file(context.parameters.getCatchAll().joined(separator: "/"), for: request)
        }
        // In development the page asks this once a second, and loads itself again when the answer changes.
        if page.version != nil {
            router.get("/page-version") { _, _ in json(["version": .string(page.version ?? "")]) }
        }
        router.get("/api/v1/sre/info") { request, context in
            let actor = try edge.admit(Visitor(request, channel: context.channel))
            var info = edge.info()
            info["development"] = .bool(page.version != nil)
            info["user"] = actor.isLocal ? "local" : "token"
            return json(.object(info))
        }
        router.get("/api/v1/sre/approvals") { request, context in
            _ = try edge.admit(Visitor(request, channel: context.channel))
            return json(["data": .array(edge.hub.waiting.map(\.listing))])
        }
        router.post("/api/v1/sre/login") { request, context in try await login(request, context) }
        router.post("/api/v1/sre/logout") { _, _ in
            var response = Response(status: .noContent)
            response.headers[.setCookie] = cookie("", maximumAge: 0)
            return response
        }
        return router
    }

    /// Asked for again each time, sent again only when it has changed: the page is there at once on a bad network.
    private func file(_ name: String, for request: Request) -> Response {
        guard let file = page[name] else {
            return DoorMiddleware.response(.notFound, "There is nothing at this address.")
        }
        let headers: HTTPFields = [.contentType: file.type, .cacheControl: "no-cache", .eTag: file.tag]
        if request.headers[.ifNoneMatch] == file.tag { return Response(status: .notModified, headers: headers) }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: file.content))
    }

    private func login(_ request: Request, _ context: EdgeRequestContext) async throws -> Response {
        var visitor = Visitor(request, channel: context.channel)
        let body = try await request.body.collect(upTo: context.maxUploadSize)
        let bytes = Array(body.readableBytesView)
        guard let token = (try? JSONValue(parsing: bytes))?["token"]?.stringValue else {
            return DoorMiddleware.response(.badRequest, "Send {\"token\": \"…\"}.")
        }
        visitor.authorization = "Bearer \(token)"
        _ = try edge.admit(visitor)
        var response = Response(status: .noContent)
        response.headers[.setCookie] = cookie(token, maximumAge: 30 * 86_400)
        return response
    }

    private func cookie(_ value: String, maximumAge seconds: Int) -> String {
        "\(Visitor.cookieName)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict"
    }

    private func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: value.serialized())))
    }
}

extension Approval {
    /// One element of `GET /api/v1/sre/approvals`.
    fileprivate var listing: JSONValue {
        [
            "requestId": .string(id), "threadId": threadID.map { .string($0) } ?? .null, "method": .string(method),
            "params": params, "askedAt": .number(JSONNumber(askedAt)),
            "expiresAt": expiresAt.map { .number(JSONNumber($0)) } ?? .null,
        ]
    }
}
