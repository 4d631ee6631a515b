public import Policy

/// Reads the user that a trusted proxy names. The caller first checks that it trusts the proxy (``TrustedProxies``).
public struct ProxyIdentity: Sendable, Hashable {
    public struct User: Sendable, Hashable {
        public let name: String
        public let role: Role
    }

    /// Why a request through the proxy has no user.
    public enum Refusal: Error, Sendable, Hashable {
        /// The header occurs twice, or two values are joined by a comma (RFC 9110 section 5.3). One of them may come
        /// from the client.
        case repeated
        /// Not 1 to 128 printable characters.
        case badName
        /// The configuration gives this user no role.
        case unknownUser(String)
    }

    public static let defaultHeader = "X-Forwarded-User"
    /// In characters.
    static let maximumNameLength = 128

    /// As spelled in the configuration. Compare it without case, as HTTP does.
    public let header: String
    private let roles: [[UInt8]: Role]
    private let defaultRole: Role?

    /// `defaultRole` is the role of users that `roles` does not name; nil (the default) refuses them. Compares names
    /// byte by byte. Throws `.usage` for a header that cannot carry a user, and for a user name that can never occur.
    public init(
        header: String = ProxyIdentity.defaultHeader, roles: [String: Role], defaultRole: Role? = nil
    ) throws(AccessError) {
        guard !header.isEmpty, header.utf8.allSatisfy(Self.isTokenCharacter) else {
            throw .usage("\"\(SanitizedText.of(header))\" is not a header name.")
        }
        guard !Self.otherwiseUsed.contains(header.lowercased()) else {
            throw .usage("The header \"\(header)\" has another purpose than naming the user.")
        }
        for name in roles.keys where (try? Self.name(name)) != name {
            throw .usage("\"\(SanitizedText.of(name))\" is not a user name: 1 to 128 printable characters, no comma.")
        }
        self.header = header
        self.roles = Dictionary(uniqueKeysWithValues: roles.map { (Array($0.key.utf8), $0.value) })
        self.defaultRole = defaultRole
    }

    /// `values` are the values of all headers of this name. Returns nil if there are none: the proxy then names no
    /// user, and the server treats the request like any other forwarded request.
    public func user(_ values: [String]) throws(Refusal) -> User? {
        guard let value = values.first else { return nil }
        guard values.count == 1 else { throw .repeated }
        let name = try Self.name(value)
        guard let role = roles[Array(name.utf8)] ?? defaultRole else { throw .unknownUser(name) }
        return User(name: name, role: role)
    }

    private static func name(_ value: String) throws(Refusal) -> String {
        // Compare scalars: a tab followed by a combining mark is one Character, and that is not a tab.
        let isBlank = { (scalar: Unicode.Scalar) in scalar == " " || scalar == "\t" }
        var scalars = Substring(value).unicodeScalars.drop(while: isBlank)
        while let last = scalars.last, isBlank(last) { scalars.removeLast() }
        guard !scalars.contains(",") else { throw .repeated }
        // A leading combining mark would attach to the text shown before the name.
        guard let first = scalars.first, !first.properties.isGraphemeExtend, scalars.count <= maximumNameLength,
            scalars.allSatisfy(SanitizedText.isPrintable),
            !AccessToken.reservedNames.contains(String(scalars).lowercased())
        else { throw .badName }
        return String(scalars)
    }

    /// Headers that every client sends, or that authentication uses for something else.
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
