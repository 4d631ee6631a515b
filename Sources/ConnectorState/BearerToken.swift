/// The value of the `Authorization` header: `Bearer …` with an access token.
public struct BearerToken: Sendable {
    public let header: String

    /// Nil if the text cannot be part of a header: empty, or anything but visible ASCII. Ignores white space around it,
    /// such as the line end of a file.
    public init?(_ text: some StringProtocol) {
        let token = text.drop(while: \.isWhitespace).prefix { !$0.isWhitespace }
        let rest = text.drop(while: \.isWhitespace).dropFirst(token.count)
        guard !token.isEmpty, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), rest.allSatisfy(\.isWhitespace) else {
            return nil
        }
        header = "Bearer \(token)"
    }
}
