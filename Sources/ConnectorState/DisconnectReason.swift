/// Why a socket closed or could not be opened.
public enum DisconnectReason: Sendable, Hashable {
    /// The session may still exist. The reason is a sentence for people.
    case comeBack(String)
    /// The same, but the server is up and admits no clients at the moment.
    case busy(String)
    case over(ConnectorResult)

    /// The server sent a close frame.
    public init(closeCode: UInt16?, reason: String) {
        let words =
            "\(reason.isEmpty ? "The server closed the connection" : Self.withoutDot(reason)) (\(closeCode ?? 1005))."
        self =
            switch closeCode {
            // Sessions do not outlive the server.
            case 1001: .over(.init(.lost, words))
            case 1002, 1003, 1007, 1009, 1010: .over(.init(.protocol, words))
            case 4001, 4004: .over(.init(.lost, words))
            case 4003: .over(.init(.refused, words))
            default: .comeBack(words)
            }
    }

    /// The server refused the upgrade.
    public init(httpStatus status: Int, words: String?) {
        let words = words.map { ": \(Self.withoutDot($0))" } ?? ""
        self =
            switch status {
            case 401, 403: .over(.init(.refused, "The server refused the sign-in (HTTP \(status))\(words)."))
            case 408, 429, 500...: .busy("The server admits no clients at the moment (HTTP \(status))\(words).")
            default: .over(.init(.protocol, "This is not an SRE Agent Server (HTTP \(status))\(words)."))
            }
    }

    private static func withoutDot(_ text: String) -> Substring { text.hasSuffix(".") ? text.dropLast() : text[...] }
}
