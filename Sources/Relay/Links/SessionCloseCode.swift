/// WebSocket close codes with which a session closes its socket. All but the first are private use (RFC 6455 section
/// 7.4.2).
enum SessionCloseCode: UInt16 {
    /// The server is stopping.
    case goingAway = 1001
    /// Another socket has taken the session over. A client that reconnected at once would take it back from that one.
    case takenOver = 4001
    /// The sign-in has ended: the token was revoked or has expired, or the person signed out.
    case signedOut = 4003
    /// The session ended while the socket was being attached. The client may open a new one.
    case ended = 4004
    /// The client reads so slowly that the replay buffer overflowed.
    case tooSlow = 4008
}
