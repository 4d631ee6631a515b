public import JSON
public import Relay
import Session

/// What the edge is given by the executable, and what its routes and sockets share.
public struct EdgeContext: Sendable {
    let door: Door
    let hub: Hub
    /// Upper limit for one message of a client, in bytes.
    let maximumMessageSize: Int
    let sessions: SessionDirectory
    /// Nil when the agent answers; else why not.
    let notReady: @Sendable () -> String?
    /// What `GET /api/v1/sre/info` tells beside the user.
    let info: @Sendable () -> JSONObject
    let guesses = GuessLimiter()
    let sockets: SocketLimiter

    public init(
        door: Door, hub: Hub, sessions: SessionDirectory, maximumMessageSize: Int, maximumSockets: Int,
        maximumSocketsPerAddress: Int,
        notReady: @escaping @Sendable () -> String?, info: @escaping @Sendable () -> JSONObject
    ) {
        self.door = door
        self.hub = hub
        self.maximumMessageSize = maximumMessageSize
        self.sessions = sessions
        sockets = SocketLimiter(limit: maximumSockets, limitPerAddress: maximumSocketsPerAddress)
        self.notReady = notReady
        self.info = info
    }

    /// The whole door: host, origin, who it is. Wrong tokens are counted against the address they came from.
    func admit(_ visitor: Visitor) throws(Door.Refusal) -> Actor {
        try door.checkOrigin(visitor)
        guard visitor.offeredToken == nil || guesses.mayTry(visitor.address) else {
            throw Door.Refusal(status: 429, message: "Too many wrong tokens. Wait a minute.")
        }
        do {
            return try door.identify(visitor, mayTrustLocal: !hub.someThreadHasNetwork)
        } catch {
            if visitor.offeredToken != nil { guesses.wasWrong(visitor.address) }
            throw error
        }
    }
}
