/// The address of the server for people: of a proxy in front of it, which may serve it below a path.
public struct PublicURL: Sendable, Hashable {
    /// As browsers send it in `Origin`: in lower case, without a port that the scheme implies.
    public let origin: String
    /// With a leading slash and without one at the end; empty if there is no path.
    public let path: String

    /// `text` is an address with the scheme http or https. nil if it has anything but a scheme, a host, a port and a
    /// path, or if parsers may read the path differently.
    init?(_ text: String) {
        let start = text.firstRange(of: "://")?.upperBound ?? text.startIndex
        let authority = text[start...].prefix { $0 != "/" }
        guard !authority.contains(where: { "?#@".contains($0) || $0.isWhitespace }) else { return nil }
        var path = text[authority.endIndex...]
        if path.hasSuffix("/") { path.removeLast() }
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = segments.allSatisfy { segment in
            segment.utf8.allSatisfy(Self.isPlain) && !["", ".", ".."].contains(segment)
        }
        guard path.isEmpty || isPlain else { return nil }
        self.path = String(path)
        let origin = text[..<authority.endIndex].lowercased()
        let implied = [("http:", ":80"), ("https:", ":443")].first { origin.hasPrefix($0) && origin.hasSuffix($1) }
        self.origin = String(origin.dropLast(implied?.1.count ?? 0))
    }

    /// Characters that are never encoded (RFC 3986 section 2.3).
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
