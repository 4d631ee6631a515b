import NIOHTTP1

/// A request target (RFC 9112 section 3.2).
enum RequestTarget: Hashable {
    /// A path with an optional query, as browsers and clients send it.
    case origin(String)
    /// `http://HOST/PATH` or `https://…`. Its host overrides the Host header.
    case absolute(authority: String, path: String)
    /// `*`: the server as a whole.
    case asterisk

    /// Throws a 400 for any other form, and a 404 for a path that a parser may normalize into another one: a proxy that
    /// blocks `/metrics` may let `//metrics` through.
    static func read(_ text: String) throws(RequestFault) -> Self {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }) else {
            throw .bad("The target of the request contains a character that is not allowed.")
        }
        if text == "*" { return .asterisk }
        if text.hasPrefix("/") { return .origin(try plain(text)) }
        let lower = text.prefix(8).lowercased()
        guard let scheme = ["http://", "https://"].first(where: lower.hasPrefix) else {
            throw .bad("The target of the request is neither a path nor an address with http or https.")
        }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.isEmpty else { throw .bad("The target of the request names no host.") }
        let path = rest.dropFirst(authority.count)
        return .absolute(authority: String(authority), path: try plain(path.hasPrefix("/") ? String(path) : "/\(path)"))
    }

    private static func plain(_ target: String) throws(RequestFault) -> String {
        let path = target.prefix { $0 != "?" }
        let isPlain =
            path == "/"
            || path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
                !["", ".", ".."].contains($0)
            }
        guard isPlain else { throw RequestFault(status: .notFound, message: "There is nothing at this address.") }
        return target
    }
}
