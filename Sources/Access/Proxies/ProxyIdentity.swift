public import Policy

/// Who a trusted proxy says that the user is. Whether the proxy is trusted is asked before (``TrustedProxies``).
public struct ProxyIdentity: Sendable, Hashable {
    public struct User: Sendable, Hashable {
        public let name: String
        public let role: Role
    }

    /// Why a request through the proxy is nobody's.
    public enum Refusal: Error, Sendable, Hashable {
        /// The header is there twice, or two are joined by a comma (RFC 9110 section 5.3): one may be the client's own.
        case repeated
        /// Not 1 to 128 printable characters.
        case badName
        /// Nobody has said what this user may do.
        case unknownUser(String)
    }

    public static let defaultHeader = "X-Forwarded-User"
    /// In characters.
    static let maximumNameLength = 128

    /// As it is written in the configuration; compare it as HTTP does, without case.
    public let header: String
    private let roles: [[UInt8]: Role]
    private let defaultRole: Role?

    /// `defaultRole` is what users get that `roles` does not name; nil (the default) refuses them. Names are compared
    /// byte by byte. Throws `.usage` for a header that cannot carry a user, and for a user that can never come.
    public init(
        header: String = ProxyIdentity.defaultHeader, roles: [String: Role], defaultRole: Role? = nil
    ) throws(AccessError) {
        guard !header.isEmpty, header.utf8.allSatisfy(Self.isTokenCharacter) else {
            throw .usage("\"\(SanitizedText.of(header))\" is no name of a header.")
        }
        guard !Self.otherwiseUsed.contains(header.lowercased()) else {
            throw .usage("The header \"\(header)\" says something else than who the user is.")
        }
        for name in roles.keys where (try? Self.name(name)) != name {
            throw .usage("\"\(SanitizedText.of(name))\" is no user name: 1 to 128 printable characters, no comma.")
        }
        self.header = header
        self.roles = Dictionary(uniqueKeysWithValues: roles.map { (Array($0.key.utf8), $0.value) })
        self.defaultRole = defaultRole
    }

    /// `values` are those of all headers of this name. Nil when there is none: then the proxy says nothing of the user,
    /// and the request is treated like any other that came through a proxy.
    public func user(_ values: [String]) throws(Refusal) -> User? {
        guard let value = values.first else { return nil }
        guard values.count == 1 else { throw .repeated }
        let name = try Self.name(value)
        guard let role = roles[Array(name.utf8)] ?? defaultRole else { throw .unknownUser(name) }
        return User(name: name, role: role)
    }

    private static func name(_ value: String) throws(Refusal) -> String {
        // By scalars: a tab that a mark follows is one character with it, and no tab.
        let isBlank = { (scalar: Unicode.Scalar) in scalar == " " || scalar == "\t" }
        var scalars = Substring(value).unicodeScalars.drop(while: isBlank)
        while let last = scalars.last, isBlank(last) { scalars.removeLast() }
        guard !scalars.contains(",") else { throw .repeated }
        // A mark in front would belong to whatever is shown before the name.
        guard let first = scalars.first, !first.properties.isGraphemeExtend, scalars.count <= maximumNameLength,
            scalars.allSatisfy(SanitizedText.isPrintable)
        else { throw .badName }
        return String(scalars)
    }

    /// Headers that every client sets, or that authentication reads in another sense.
    private static let otherwiseUsed: Set<String> = [
        "authorization", "connection", "cookie", "forwarded", "host", "origin", "referer", "user-agent", "via",
        "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip",
    ]

    /// RFC 9110 section 5.6.2.
    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
