import Access
import AuditRecord
import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Relay
import Session

/// Sign-in, sign-out, and tickets for another device.
struct LoginRoutes {
    let edge: EdgeContext

    func add(to router: Router<EdgeRequestContext>) {
        router.post("/api/v1/sre/login") { request, context in try await logIn(request, context) }
        router.post("/api/v1/sre/logout") { request, context in
            let credentials = RequestCredentials(request, channel: context.channel)
            if let secrets = credentials.loginSecrets { signOut(secrets, credentials) }
            var response = Response(status: .noContent)
            setCookie("", maximumAge: 0, of: &response)
            return response
        }
        router.post("/api/v1/sre/tickets") { request, context in
            let client = try edge.admit(RequestCredentials(request, channel: context.channel))
            return try ticket(for: client)
        }
    }

    private func logIn(_ request: Request, _ context: EdgeRequestContext) async throws -> Response {
        let credentials = RequestCredentials(request, channel: context.channel)
        let body = try await request.body.collect(upTo: context.maxUploadSize)
        let shown = try? JSONValue(parsing: Array(body.readableBytesView))
        let now = WallClock.now()
        let token: AccessToken
        if let secret = shown?["token"]?.stringValue {
            token = try edge.authenticator.find(secret, from: credentials, now: now)
        } else if let ticket = shown?["ticket"]?.stringValue {
            guard
                let found = edge.authenticator.tickets.redeem(
                    ticket, now: now, tokenSet: edge.authenticator.tokens.current())
            else {
                throw AccessRefusal(status: 401, message: "This link has been used or is older than a minute.")
            }
            token = found
        } else {
            return AccessMiddleware.response(.badRequest, "Send {\"token\": \"…\"} or {\"ticket\": \"…\"}.")
        }
        let (loginSession, secrets) = edge.authenticator.loginSessions.create(for: token, now: now)
        note(
            .signInAccepted,
            edge.authenticator.clientContext(Principal(token), credentials, loginSession: loginSession.id))
        var response = Response.json(JSONValue.object(["pageKey": .string(secrets.pageKey)]).serialized())
        setCookie(secrets.cookie, maximumAge: Int((loginSession.expiresAt - now) / 1_000), of: &response)
        return response
    }

    private func signOut(_ secrets: LoginSecrets, _ credentials: RequestCredentials) {
        let now = WallClock.now()
        let token = edge.authenticator.loginSessions.find(
            secrets, now: now, tokenSet: edge.authenticator.tokens.cached)?.token
        guard let ended = edge.authenticator.loginSessions.end(secrets, now: now) else { return }
        edge.hub.signOut(Hub.signedOutReason) { $0.loginSessionID == ended.id }
        if let token {
            note(.signInEnded, edge.authenticator.clientContext(Principal(token), credentials, loginSession: ended.id))
        }
    }

    /// A ticket for the same person on another device. The local user has no token, so the start token stands in for
    /// it.
    private func ticket(for client: ClientContext) throws(AccessRefusal) -> Response {
        let tokenID: String?
        switch client.principal.identity {
        case .token(let id, _): tokenID = id
        case .local: tokenID = edge.authenticator.startTokenID
        case .proxy: tokenID = nil
        }
        guard let tokenID else {
            throw AccessRefusal(
                status: 403, message: "No token exists for a link. Create one: sre-agent token create."
            )
        }
        let (ticket, expiresAt) = edge.authenticator.tickets.create(forToken: tokenID, now: WallClock.now())
        note(.ticketCreated, client)
        let body: JSONValue = ["ticket": .string(ticket), "expiresAt": .number(JSONNumber(expiresAt))]
        return .json(body.serialized())
    }

    private func note(_ kind: AuditEntry.Kind, _ client: ClientContext) { edge.hub.note(client.entry(kind, at: 0)) }

    private func setCookie(_ value: String, maximumAge seconds: Int, of response: inout Response) {
        response.headers[.setCookie] =
            "\(RequestCredentials.cookieName)=\(value); Path=\(edge.publicPath.isEmpty ? "/" : edge.publicPath); Max-Age=\(seconds); HttpOnly; SameSite=Strict"
            + (edge.isSecure ? "; Secure" : "")
    }
}
