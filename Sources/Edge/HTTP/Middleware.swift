import HTTPTypes
import Hummingbird
import NIOCore

/// Sets the headers of every response: the page loads nothing from other origins, no site can frame it, and it sends no
/// referrer.
struct SecurityHeaders: RouterMiddleware {
    /// Browsers then use TLS only (RFC 6797).
    let isSecure: Bool

    static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self'",
        "manifest-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
        "require-trusted-types-for 'script'", "trusted-types sre-notifier sre-shell", "worker-src 'self'",
    ].joined(separator: "; ")

    func handle(
        _ request: Request, context: EdgeRequestContext,
        next: (Request, EdgeRequestContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        // An error response to HEAD has no body either (RFC 9110 section 9.3.2): a proxy would take a body for the next
        // response.
        if request.method == .head { response = response.createHeadResponse() }
        response.headers[.contentSecurityPolicy] = Self.policy
        response.headers[.xContentTypeOptions] = "nosniff"
        if isSecure { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        for (name, value) in [
            ("Referrer-Policy", "no-referrer"), ("X-Frame-Options", "DENY"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
        ] {
            if let name = HTTPField.Name(name) { response.headers[name] = value }
        }
        return response
    }
}

/// Checks host and origin before any route runs, and turns refusals and unknown routes into responses with a sentence.
struct AccessMiddleware: RouterMiddleware {
    let edge: EdgeContext

    func handle(
        _ request: Request, context: EdgeRequestContext,
        next: (Request, EdgeRequestContext) async throws -> Response
    ) async throws -> Response {
        let credentials = RequestCredentials(request, channel: context.channel)
        do {
            try edge.originPolicy.checkOrigin(credentials)
            return try await next(request, context)
        } catch let refusal as AccessRefusal {
            edge.refusals.note(
                refusal, credentials, address: edge.authenticator.address(of: credentials), what: request.uri.path)
            if refusal.delay > .zero { try? await Task.sleep(for: refusal.delay) }
            return Self.response(.init(code: refusal.status), refusal.message)
        } catch let error as any HTTPResponseError {
            let message = error.status == .notFound ? "There is nothing at this address." : error.status.reasonPhrase
            return Self.response(error.status, message)
        }
    }

    static func response(_ status: HTTPResponse.Status, _ message: String) -> Response {
        .json(ErrorBody.json(message), status: status)
    }
}

extension Response {
    /// Caches must not store the response.
    static func json(_ body: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }
}
