import AsyncHTTPClient
import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import NIOHTTP1

/// A request from codex on its way to the MCP server.
struct ForwardedRequest {
    let target: Target
    let request: HTTPClientRequest
    /// Whether the request is for the metadata that names the server's authorization servers (RFC 9728). It must name
    /// the proxy's address as the resource, or codex rejects it.
    private let isResourceMetadata: Bool
    /// Whether the request is for a public document below `/.well-known/`.
    let isMetadata: Bool

    /// Headers of a single connection (RFC 9110 section 7.6.1), or headers that the proxy sets itself.
    private static let hopByHop: Set<String> = [
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding",
        "upgrade", "host", "content-length", ToolProxy.header,
    ]

    /// `find` returns the target for the path's first component, or for the first one after `/.well-known/NAME` (RFC
    /// 8414 section 3, RFC 9728 section 3). nil if there is no target.
    init?(_ incoming: Request, find: (String) -> Target?) {
        let uri = incoming.head.path ?? "/"
        let path = uri.prefix { $0 != "?" }
        var components = path.split(separator: "/", omittingEmptySubsequences: true)[...]
        var prefix = ""
        if components.first == ".well-known", components.count > 2 {
            prefix = "/.well-known/\(components[components.startIndex + 1])"
            components = components.dropFirst(2)
        }
        guard let key = components.popFirst(), let target = find(String(key)) else { return nil }
        self.target = target
        isMetadata = !prefix.isEmpty && incoming.method == .get
        isResourceMetadata = prefix == "/.well-known/oauth-protected-resource"
        // Forward the rest of the path after the key byte for byte.
        let marker = "\(prefix)/\(key)"
        let rest = uri.dropFirst(marker.count)
        guard uri.hasPrefix(marker), rest.isEmpty || rest.hasPrefix("/") || rest.hasPrefix("?") else { return nil }
        var request = HTTPClientRequest(url: "\(target.origin)\(prefix)\(rest)")
        request.method = HTTPMethod(rawValue: incoming.method.rawValue)
        for field in incoming.headers where !Self.hopByHop.contains(field.name.canonicalName) {
            request.headers.add(name: field.name.rawName, value: field.value)
        }
        self.request = request
    }

    /// `host` is the proxy's host and port as codex addressed it.
    func response(_ response: HTTPClientResponse, host: String) async throws -> Response {
        var headers = HTTPFields()
        for (name, value) in response.headers where !Self.hopByHop.contains(name.lowercased()) {
            guard let name = HTTPField.Name(name) else { continue }
            headers.append(HTTPField(name: name, value: value))
        }
        let status = HTTPResponse.Status(code: Int(response.status.code))
        guard isResourceMetadata, (200..<300).contains(status.code) else {
            return Response(status: status, headers: headers, body: ResponseBody(asyncSequence: response.body))
        }
        let body = try await response.body.collect(upTo: 1 << 20)
        guard var document = try? JSONValue(parsing: Array(body.readableBytesView)) else {
            return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: body))
        }
        document["resource"] = .string("http://\(host)/\(target.key)\(target.path)")
        if document["authorization_servers"] == nil { document["authorization_servers"] = [.string(target.origin)] }
        return Response(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: document.serialized())))
    }
}
