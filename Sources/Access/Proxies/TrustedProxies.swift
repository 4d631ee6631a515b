/// The proxy addresses that may name a request's user.
public struct TrustedProxies: Sendable, Hashable {
    private struct Range: Hashable {
        let first: IPAddress
        let length: Int
    }

    private let ranges: [Range]

    /// Each entry is an address (`10.0.0.7`, `fd00::7`, `::ffff:10.0.0.7`) or a network in CIDR notation (RFC 4632,
    /// `10.0.0.0/8`, `fd00::/8`). Throws `.usage` naming the entry. Refuses a network of all addresses, because any
    /// client could then claim to be any user.
    public init(_ entries: [String] = []) throws(AccessError) {
        var ranges: [Range] = []
        for entry in entries { ranges.append(try Self.parse(entry)) }
        self.ranges = ranges
    }

    public var isEmpty: Bool { ranges.isEmpty }

    /// `address` is a peer's, as the kernel formats it. Anything but an IP address is not trusted.
    public func contains(address: String) -> Bool {
        guard let address = IPAddress(address) else { return false }
        return ranges.contains { range in
            range.first.isIPv4 == address.isIPv4 && address.prefix(range.length) == range.first
        }
    }

    private static func parse(_ entry: String) throws(AccessError) -> Range {
        let shown = SanitizedText.of(entry)
        let parts = entry.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let text = parts.first, let address = IPAddress(String(text)) else {
            throw .usage("\"\(shown)\" is neither an IP address nor a network such as 10.0.0.0/8.")
        }
        guard parts.count == 2 else { return Range(first: address, length: 128) }
        // A mapped address (`::ffff:10.0.0.0/104`) counts prefix bits as IPv6 does.
        let offset = text.contains(":") ? 0 : 96
        let digits = parts[1]
        guard (1...3).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let length = Int(digits), length <= 128 - offset
        else { throw .usage("\"\(shown)\": after the / comes the number of bits, 1 to \(128 - offset).") }
        guard length > 0 else { throw .usage("\"\(shown)\" covers every address: any client could pose as any user.") }
        guard address.prefix(length + offset) == address else {
            throw .usage("\"\(shown)\" has bits set after the first \(length). Write the network's first address.")
        }
        return Range(first: address, length: length + offset)
    }
}
