import JSON
import NIOCore
import NIOHTTP1

/// The body of every refusal over HTTP: `{"error": "a sentence"}`.
enum ErrorBody {
    /// The value of `Retry-After` for a 429 or a 503, in seconds.
    static let retryAfter = 5

    static func json(_ message: String) -> [UInt8] {
        JSONValue.object(["error": .string(message)]).serialized()
    }

    /// A complete response that ends the connection, for refusals in front of the routes.
    static func lastAnswer(_ status: HTTPResponseStatus, _ message: String, _ more: HTTPHeaders = [:])
        -> [HTTPServerResponsePart]
    {
        let body = ByteBuffer(bytes: json(message))
        var headers: HTTPHeaders = [
            "Content-Type": "application/json", "Content-Length": "\(body.readableBytes)", "Connection": "close",
        ]
        headers.add(contentsOf: more)
        return [
            .head(HTTPResponseHead(version: .http1_1, status: status, headers: headers)), .body(.byteBuffer(body)),
            .end(nil),
        ]
    }

    /// The same as bytes, for a connection without an HTTP encoder yet.
    static func bytes(_ refusal: AccessRefusal) -> [UInt8] {
        let body = json(refusal.message)
        let status = HTTPResponseStatus(statusCode: refusal.status)
        let head = [
            "HTTP/1.1 \(status.code) \(status.reasonPhrase)", "Content-Type: application/json",
            "Content-Length: \(body.count)", "Retry-After: \(retryAfter)", "Connection: close", "", "",
        ]
        return Array(head.joined(separator: "\r\n").utf8) + body
    }
}
