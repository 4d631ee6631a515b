import Access
import AuditRecord
import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Relay
import Session

/// Signing in and out, and tickets for another device.
struct SignInRoutes {
    let edge: EdgeContext

    func add(to router: Router<EdgeRequestContext>) {
        router.post("/api/v1/sre/login") { request, context in try await signIn(request, context) }
        router.post("/api/v1/sre/logout") { request, context in
            let visitor = Visitor(request, channel: context.channel)
            if let cookie = visitor.sessionCookie { signOut(cookie, visitor) }
            return Self.response(.noContent, cookie: "", maximumAge: 0, isSecure: edge.isSecure)
        }
        router.post("/api/v1/sre/tickets") { request, context in
            let caller = try edge.admit(Visitor(request, channel: context.channel))
            return try ticket(for: caller)
        }
    }

    private func signIn(_ request: Request, _ context: EdgeRequestContext) async throws -> Response {
        let visitor = Visitor(request, channel: context.channel)
        let body = try await request.body.collect(upTo: context.maxUploadSize)
        let shown = try? JSONValue(parsing: Array(body.readableBytesView))
        let now = WallClock.now()
        let token: AccessToken
        if let secret = shown?["token"]?.stringValue {
            token = try edge.keyring.find(secret, from: visitor, now: now)
        } else if let ticket = shown?["ticket"]?.stringValue {
            guard let found = edge.keyring.tickets.redeem(ticket, now: now, book: edge.keyring.tokens.current()) else {
                throw Door.Refusal(status: 401, message: "This link has been used or is older than a minute.")
            }
            token = found
        } else {
            return DoorMiddleware.response(.badRequest, "Send {\"token\": \"…\"} or {\"ticket\": \"…\"}.")
        }
        let (signIn, secret) = edge.keyring.signIns.create(for: token, now: now)
        note(.signInAccepted, edge.keyring.caller(Actor(token), visitor, signIn: signIn.id))
        let seconds = Int((signIn.expiresAt - now) / 1_000)
        return Self.response(.noContent, cookie: secret, maximumAge: seconds, isSecure: edge.isSecure)
    }

    private func signOut(_ cookie: String, _ visitor: Visitor) {
        let now = WallClock.now()
        let token = edge.keyring.signIns.find(cookie, now: now, book: edge.keyring.tokens.book)?.token
        guard let ended = edge.keyring.signIns.end(cookie, now: now) else { return }
        edge.hub.signOut(Hub.signedOutReason) { $0.signInID == ended.id }
        if let token { note(.signInEnded, edge.keyring.caller(Actor(token), visitor, signIn: ended.id)) }
    }

    /// For the same person on another device. The local user has no token; the start token stands in for it.
    private func ticket(for caller: Caller) throws(Door.Refusal) -> Response {
        let tokenID: String?
        switch caller.actor.identity {
        case .token(let id, _): tokenID = id
        case .local: tokenID = edge.keyring.startTokenID
        case .proxy: tokenID = nil
        }
        guard let tokenID else {
            throw Door.Refusal(
                status: 403, message: "There is no token that a link could stand for. Make one: sre-agent token create."
            )
        }
        let (ticket, expiresAt) = edge.keyring.tickets.create(forToken: tokenID, now: WallClock.now())
        note(.ticketCreated, caller)
        let body: JSONValue = ["ticket": .string(ticket), "expiresAt": .number(JSONNumber(expiresAt))]
        return Response(
            status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: body.serialized())))
    }

    private func note(_ kind: AuditEntry.Kind, _ caller: Caller) { edge.hub.note(caller.entry(kind, at: 0)) }

    private static func response(
        _ status: HTTPResponse.Status, cookie value: String, maximumAge seconds: Int, isSecure: Bool
    ) -> Response {
        var response = Response(status: status)
        response.headers[.setCookie] =
            "\(Visitor.cookieName)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict"
            + (isSecure ? "; Secure" : "")
        return response
    }
}
