import Glibc

/// The names under which the server answers: `localhost`, any IP address (a DNS-rebinding page has a name, never an
/// address), the machine's own name, and the configured names.
public struct HostNames: Sendable {
    private let names: Set<String>

    public init(allowed: [String], machine: String?) {
        names = Set((allowed + ["localhost"] + [machine].compactMap(\.self)).map { $0.lowercased() })
    }

    /// `host` is a Host header's value: a name or an address, with or without a port (RFC 9110 section 7.2).
    func include(_ host: String) -> Bool {
        guard host.utf8.allSatisfy({ $0 < 0x80 }), let name = Self.withoutPort(host) else { return false }
        // RFC 3986 section 3.2.2: brackets may only enclose an IPv6 address.
        guard !host.hasPrefix("[") || name.contains(":") else { return false }
        return names.contains(name.lowercased()) || Self.isAddress(name)
    }

    private static func withoutPort(_ host: String) -> String? {
        if host.hasPrefix("[") {
            guard let end = host.firstIndex(of: "]") else { return nil }
            let rest = host[host.index(after: end)...]
            guard rest.isEmpty || isPort(rest) else { return nil }
            return String(host[host.index(after: host.startIndex)..<end])
        }
        let parts = host.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, !name.isEmpty, parts.count == 1 || isPort(":" + parts[1]) else { return nil }
        return String(name)
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.first == ":" && text.count <= 6 && text.dropFirst().allSatisfy { $0.isASCII && $0.isNumber }
    }

    private static func isAddress(_ name: String) -> Bool {
        // C strings end at the first NUL.
        guard !name.utf8.contains(0) else { return false }
        var buffer = in6_addr()
        return inet_pton(AF_INET, name, &buffer) == 1 || inet_pton(AF_INET6, name, &buffer) == 1
    }
}
