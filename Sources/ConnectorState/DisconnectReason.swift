/// What the end of a socket, or of the attempt to open one, means.
public enum DisconnectReason: Sendable, Hashable {
    /// The session may still be there. The reason is a sentence for people.
    case comeBack(String)
    /// The same; the server is there but does not let anybody in at the moment.
    case busy(String)
    case over(ConnectorResult)

    /// A close frame of the server's.
    public init(closeCode: UInt16?, reason: String) {
        let words =
            "\(reason.isEmpty ? "The server closed the connection" : Self.withoutDot(reason)) (\(closeCode ?? 1005))."
        self =
            switch closeCode {
            // Nothing of a server's sessions outlives it.
            case 1001: .over(.init(.lost, words))
            case 1002, 1003, 1007, 1009, 1010: .over(.init(.protocol, words))
            case 4001, 4004: .over(.init(.lost, words))
            case 4003: .over(.init(.refused, words))
            default: .comeBack(words)
            }
    }

    /// An answer to the request for a socket that gives none.
    public init(httpStatus status: Int, words: String?) {
        let words = words.map { ": \(Self.withoutDot($0))" } ?? ""
        self =
            switch status {
            case 401, 403: .over(.init(.refused, "The server refused the sign-in (HTTP \(status))\(words)."))
            case 408, 429, 500...: .busy("The server lets nobody in at the moment (HTTP \(status))\(words).")
            default: .over(.init(.protocol, "There is no SRE Agent Server (HTTP \(status))\(words)."))
            }
    }

    private static func withoutDot(_ text: String) -> Substring { text.hasSuffix(".") ? text.dropLast() : text[...] }
}
