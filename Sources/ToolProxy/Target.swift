/// An MCP server over HTTP from codex's configuration.
struct Target: Sendable, Hashable {
    let server: String
    /// Scheme, host and port.
    let origin: String
    /// Path and query, starting with the first slash.
    let path: String
    /// Identifies the target in the proxy's URLs.
    var key: String { Self.hex(server) }

    init?(server: String, url: String) {
        guard let scheme = ["http://", "https://"].first(where: { url.lowercased().hasPrefix($0) }) else { return nil }
        let rest = url.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.isEmpty else { return nil }
        self.server = server
        origin = scheme + authority
        let path = rest.dropFirst(authority.count).prefix { $0 != "#" }
        self.path = path.hasPrefix("/") ? String(path) : "/\(path)"
    }

    private static func hex(_ text: String) -> String {
        text.utf8.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0\(digits)" : digits
        }.joined()
    }
}
