/// WebSocket close codes by which a session ends its socket: private use (RFC 6455 section 7.4.2), but for the first.
enum SessionCloseCode: UInt16 {
    /// The server stops.
    case goingAway = 1001
    /// Another socket has taken the session over. Coming back at once would take it from that one.
    case takenOver = 4001
    /// The sign-in has ended: the token was revoked or has expired, or the person signed out.
    case signedOut = 4003
    /// The session ended while the socket asked for it. A new one may be opened.
    case ended = 4004
    /// The client reads too slowly for what is kept of its session.
    case tooSlow = 4008
}
