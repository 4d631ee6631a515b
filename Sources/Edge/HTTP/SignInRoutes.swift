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
            if let secrets = visitor.signInSecrets { signOut(secrets, visitor) }
            var response = Response(status: .noContent)
            setCookie("", maximumAge: 0, of: &response)
            return response
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
        let (signIn, secrets) = edge.keyring.signIns.create(for: token, now: now)
        note(.signInAccepted, edge.keyring.caller(Actor(token), visitor, signIn: signIn.id))
        var response = Response.json(JSONValue.object(["pageKey": .string(secrets.pageKey)]).serialized())
        setCookie(secrets.cookie, maximumAge: Int((signIn.expiresAt - now) / 1_000), of: &response)
        return response
    }

    private func signOut(_ secrets: SignInSecrets, _ visitor: Visitor) {
        let now = WallClock.now()
        let token = edge.keyring.signIns.find(secrets, now: now, book: edge.keyring.tokens.book)?.token
        guard let ended = edge.keyring.signIns.end(secrets, now: now) else { return }
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
        return .json(body.serialized())
    }

    private func note(_ kind: AuditEntry.Kind, _ caller: Caller) { edge.hub.note(caller.entry(kind, at: 0)) }

    private func setCookie(_ value: String, maximumAge seconds: Int, of response: inout Response) {
        response.headers[.setCookie] =
            "\(Visitor.cookieName)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict"
            + (edge.isSecure ? "; Secure" : "")
    }
}
