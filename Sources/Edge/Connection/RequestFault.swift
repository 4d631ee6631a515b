import NIOCore
import NIOHTTP1

/// Why a request is rejected: an HTTP status and a sentence. The connection ends with this response.
struct RequestFault: Error, Hashable {
    let status: HTTPResponseStatus
    let message: String
    /// The accepted methods, for `Allow`.
    var allow: String?
    var retryAfter: Int?

    var headers: HTTPHeaders {
        var headers = HTTPHeaders()
        if let allow { headers.add(name: "Allow", value: allow) }
        if let retryAfter { headers.add(name: "Retry-After", value: "\(retryAfter)") }
        return headers
    }
}

extension RequestFault {
    static let unreadable = Self(status: .badRequest, message: "This is not a valid HTTP request.")
    static let tooLong = Self(
        status: .requestHeaderFieldsTooLarge, message: "The head or the trailers of the request are too long.")
    static let tooLarge = Self(
        status: .payloadTooLarge, message: "The body has more than \(RequestGuard.maximumBodySize) bytes.")
    static let tooSlow = Self(
        status: .requestTimeout,
        message: "The request was not complete within \(RequestGuard.deadline.nanoseconds / 1_000_000_000) s.")

    static func bad(_ message: String) -> Self { Self(status: .badRequest, message: message) }
}
