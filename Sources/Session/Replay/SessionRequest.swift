/// Which session a socket asks for: the `session` and `after` parameters of its URL.
public enum SessionRequest: Sendable, Hashable {
    /// No parameter: a new session that ends with the socket.
    case plain
    /// `?session=new`: a session that outlives the socket.
    case new
    /// `?session=<id>&after=<n>`: an existing session whose client has received n frames.
    case resume(id: String, after: UInt64)

    /// The message is a sentence for the HTTP response.
    public struct Malformed: Error, Hashable {
        public let message: String
    }

    /// `uri` is the request's target, with its query.
    public init(uri: String) throws(Malformed) {
        var values: [Substring: Substring] = [:]
        for parameter in (uri.split(separator: "?", maxSplits: 1).dropFirst().first ?? "").split(separator: "&") {
            let pair = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = pair.count == 2 ? pair[1] : ""
            guard values.updateValue(value, forKey: pair[0]) == nil || !Self.names.contains(pair[0]) else {
                throw Malformed(message: "\(pair[0]) is given twice.")
            }
        }
        guard let session = values["session"] else {
            self = .plain
            return
        }
        if session == "new" {
            self = .new
            return
        }
        guard session.utf8.count == 32, session.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) }) else {
            throw Malformed(message: "session is \"new\", or the sessionId of an sre/session notification.")
        }
        guard let after = UInt64(values["after"] ?? "0") else {
            throw Malformed(message: "after is the number of frames that the client has had.")
        }
        self = .resume(id: String(session), after: after)
    }

    private static let names: Set<Substring> = ["session", "after"]
}
