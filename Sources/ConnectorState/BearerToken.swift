/// An access token as it is sent: `Authorization: Bearer …`.
public struct BearerToken: Sendable {
    public let header: String

    /// Nil for what cannot stand in a header: nothing, or anything but visible ASCII. White space around it, such as the
    /// line end of a file, does not count.
    public init?(_ text: some StringProtocol) {
        let token = text.drop(while: \.isWhitespace).prefix { !$0.isWhitespace }
        let rest = text.drop(while: \.isWhitespace).dropFirst(token.count)
        guard !token.isEmpty, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), rest.allSatisfy(\.isWhitespace) else {
            return nil
        }
        header = "Bearer \(token)"
    }
}
