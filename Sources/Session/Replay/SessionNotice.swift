import JSON
import JSONRPC

/// The notification `sre/session`: the first frame on a socket whose session can be resumed. It is not counted.
public struct SessionNotice: Sendable, Hashable {
    public enum Resume: String, Sendable {
        /// A new session. Also sent to a client that asked for a session that has ended or is not its own.
        case new
        /// Every frame after the n-th follows.
        case ok
        /// Some frames are no longer kept. `next` is the number of frames that the client has received or lost.
        case gap
    }

    public let sessionID: String
    public let resume: Resume
    /// How many frames precede the next one. The client continues counting from here.
    public let next: UInt64
    /// How many messages from the client have arrived, over all of its sockets. No more will arrive over the earlier
    /// sockets: messages that the client sent after these are lost, and it may send them again.
    public let received: UInt64

    public init(sessionID: String, resume: Resume, next: UInt64, received: UInt64) {
        self.sessionID = sessionID
        self.resume = resume
        self.next = next
        self.received = received
    }

    public init(sessionID: String, _ resumption: ReplayBuffer.Resumption, received: UInt64) {
        switch resumption {
        case .whole(let next): self.init(sessionID: sessionID, resume: .ok, next: next, received: received)
        case .gap(let next): self.init(sessionID: sessionID, resume: .gap, next: next, received: received)
        }
    }

    public var message: [UInt8] {
        MessageEncoder.notification(
            "sre/session",
            params: [
                "sessionId": .string(sessionID), "resume": .string(resume.rawValue),
                "next": .number(JSONNumber(Int64(next))), "received": .number(JSONNumber(Int64(received))),
            ])
    }
}
