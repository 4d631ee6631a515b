import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Page
import Policy
import Relay
import Session

/// All HTTP routes. Health, readiness, sign-in, and the page's files need no sign-in. The page's files hold no secret
/// and draw the sign-in form.
struct Routes {
    let edge: EdgeContext
    let page: PageFiles

    func router() -> Router<EdgeRequestContext> {
        let router = Router(context: EdgeRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: SecurityHeaders(isSecure: edge.isSecure))
        router.add(middleware: AccessMiddleware(edge: edge))
        router.get("/healthz") { _, _ in json(["status": "ok"]) }
        router.get("/readyz") { _, _ in
            guard let reason = edge.status.notReady() else { return json(["status": "ready"]) }
            return json(["status": "not ready", "reason": .string(reason)], status: .serviceUnavailable)
        }
        router.get(RouterPath(UpgradeChannel.socketPath)) { _, _ in
            var response = AccessMiddleware.response(
                .upgradeRequired, "This is a WebSocket: open it with Sec-WebSocket-Version 13 and a Sec-WebSocket-Key.")
            if let name = HTTPField.Name("Sec-WebSocket-Version") { response.headers[name] = "13" }
            response.headers[.upgrade] = "websocket"
            return response
        }
        router.get("/") { request, _ in file("index.html", for: request) }
        router.get("/page/shell.js") { request, _ in
            var response = page.form == .bundle ? file("shell.js", for: request) : Self.endOfShell
            // The worker serves the page, which is one level above it.
            if let name = HTTPField.Name("Service-Worker-Allowed") { response.headers[name] = "../" }
            return response
        }
        router.get("/page/**") { request, context in
            file(context.parameters.getCatchAll().joined(separator: "/"), for: request)
        }
        // In development, the page polls this once a second and reloads when the version changes.
        if page.version != nil {
            router.get("/page-version") { _, _ in json(["version": .string(page.version ?? "")]) }
        }
        router.get("/api/v1/sre/info") { request, context in
            let client = try edge.admit(RequestCredentials(request, channel: context.channel))
            return json(.object(info(for: client.principal)))
        }
        router.get("/api/v1/sre/approvals") { request, context in
            let client = try edge.admit(RequestCredentials(request, channel: context.channel))
            let waiting = JSONValue.array(edge.hub.waiting.map(\.listing))
            return json(["data": client.principal.seesMasked ? edge.hub.viewerMask.masked(waiting) : waiting])
        }
        router.get("/metrics") { request, context in
            _ = try edge.admit(RequestCredentials(request, channel: context.channel))
            return Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4", .cacheControl: "no-store"],
                body: .init(byteBuffer: ByteBuffer(string: edge.metrics)))
        }
        RecordRoutes(edge: edge).add(to: router)
        DirectoryRoutes(edge: edge).add(to: router)
        LoginRoutes(edge: edge).add(to: router)
        return router
    }

    /// A file whose name changes with its content is kept by the browser for good; it asks for any other each time, and
    /// gets that one again only if it has changed.
    private func file(_ name: String, for request: Request) -> Response {
        guard let file = page[name] else {
            return AccessMiddleware.response(.notFound, "There is nothing at this address.")
        }
        let content = file.content(accepted: request.headers[.acceptEncoding])
        var headers: HTTPFields = [
            .contentType: file.type, .eTag: content.tag,
            .cacheControl: file.isImmutable ? "public, max-age=31536000, immutable" : "no-cache",
        ]
        headers[.contentEncoding] = content.coding
        if file.isCompressible { headers[.vary] = "Accept-Encoding" }
        if request.headers[.ifNoneMatch] == content.tag { return Response(status: .notModified, headers: headers) }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: content.bytes))
    }

    /// In place of the bundle's service worker: ends one that a browser has from an earlier time.
    private static var endOfShell: Response {
        let script = """
            addEventListener("install", () => skipWaiting());
            addEventListener("activate", (event) => event.waitUntil(registration.unregister()));

            """
        return Response(
            status: .ok, headers: [.contentType: "text/javascript; charset=utf-8", .cacheControl: "no-cache"],
            body: .init(byteBuffer: ByteBuffer(string: script)))
    }

    private func info(for principal: Principal) -> JSONObject {
        var info = edge.status.info()
        let floor = edge.hub.policy.floor(of: principal)
        info["development"] = .bool(page.version != nil)
        info["user"] = .string(principal.word)
        info["userId"] = .string(principal.id)
        info["name"] = .string(principal.name)
        info["role"] = .string(principal.role.rawValue)
        info["sessionApprovals"] = .bool(floor.sessionApprovals)
        info["lastingApprovals"] = .bool(floor.lastingApprovals)
        info["secure"] = .bool(edge.isSecure)
        return info
    }

    func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        .json(value.serialized(), status: status)
    }
}

extension Principal {
    /// How the person signed in, for the page.
    fileprivate var word: String {
        switch identity {
        case .local: "local"
        case .token: "token"
        case .proxy: "proxy"
        }
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
