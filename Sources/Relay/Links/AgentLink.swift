public import NIOCore
public import Session

/// The agent's end of a session. Lives on the session's event loop and is called only there.
public protocol AgentLink: AnyObject {
    var info: AgentInfo { get }
    /// Queues one message for the agent; ``flush()`` sends what is queued.
    func send(_ message: ByteBuffer)
    func flush()
    /// Back-pressure: stops reading from the agent while the client does not keep up.
    func setReading(_ isReading: Bool)
    func close()
    /// The agent sends nothing. One of the session's own is killed; a shared one is its supervisor's business.
    func abandon()
}

/// What an agent's connection reports. Called on the event loop that the connection was made for.
public protocol AgentReceiver: AnyObject {
    func agentSent(_ message: ByteBuffer)
    /// No more messages for now: time to flush.
    func agentPaused()
    /// Called once, after which the link is dead. `reason` is a sentence for people.
    func agentClosed(_ reason: String)
}

/// Where sessions get their agent from: one shared process, or a process of their own.
public protocol AgentConnector: Sendable {
    /// Why the agent has ended or did not start, as a sentence, until it is back. Nil while it starts for the first
    /// time: that is worth waiting for.
    var outage: String? { get }

    /// Completes when the agent is there, however long that takes; fails with an ``AgentUnavailable`` each time it
    /// could not be started. `receiver`'s event loop is the one the connection lives on.
    func connect(_ receiver: NIOLoopBound<any AgentReceiver>) -> EventLoopFuture<NIOLoopBound<any AgentLink>>

    /// Has the agent itself ended, or only a connection to it? Completes when that is known.
    func hasEnded(_ agent: AgentID, on eventLoop: any EventLoop) -> EventLoopFuture<Bool>

    /// An agent has started without its configuration, for the reason that the sentence says. It must not serve, and nobody
    /// gets another until one starts with it.
    func startedMisconfigured(_ agent: AgentID, _ sentence: String)

    /// Ends every command that a thread has left running. Completes with the names of those that would not end.
    func stopCommands(ofThread threadID: String, on eventLoop: any EventLoop) -> EventLoopFuture<[String]>
}

public struct AgentUnavailable: Error, CustomStringConvertible {
    /// A sentence for people.
    public let description: String
    /// The server stops: there will be no other, so nobody asks again.
    public let isFinal: Bool

    public init(_ description: String, isFinal: Bool = false) {
        self.description = description
        self.isFinal = isFinal
    }
}
