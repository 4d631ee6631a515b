public import NIOCore
public import Session

/// A session's connection to its agent. Called only on the session's event loop.
public protocol AgentLink: AnyObject {
    var info: AgentInfo { get }
    /// Queues one message for the agent; ``flush()`` sends what is queued.
    func send(_ message: ByteBuffer)
    func flush()
    /// Back-pressure: `false` stops reading from the agent.
    func setReading(_ isReading: Bool)
    func close()
    /// Gives up an agent that does not respond. Kills an agent of the session's own; a shared agent is left to its
    /// supervisor.
    func abandon()
}

/// Receives what an agent's connection reports. Called on the event loop that the connection was made for.
public protocol AgentReceiver: AnyObject {
    func agentSent(_ message: ByteBuffer)
    /// No more messages for now. Flush.
    func agentPaused()
    /// The connection has ended. Called once and last. `reason` is a sentence to show.
    func agentClosed(_ reason: String)
}

/// Gives sessions their agent: one shared process, or a process for each.
public protocol AgentConnector: Sendable {
    /// Why the agent has ended or did not start, as a sentence, until it is back. nil while it starts for the first
    /// time, because that is worth waiting for.
    var outage: String? { get }

    /// Completes when the agent is there, however long that takes. Fails with ``AgentUnavailable`` if it could not be
    /// started. The connection lives on the event loop of `receiver`.
    func connect(_ receiver: NIOLoopBound<any AgentReceiver>) -> EventLoopFuture<NIOLoopBound<any AgentLink>>

    /// Completes with whether the agent itself has ended, and not only a connection to it, once that is known.
    func hasEnded(_ agent: AgentID, on eventLoop: any EventLoop) -> EventLoopFuture<Bool>

    /// The agent has started without its configuration; `sentence` says why. It must not serve. No session gets an
    /// agent until one starts with its configuration.
    func startedMisconfigured(_ agent: AgentID, _ sentence: String)

    /// Ends every command that a thread has left running. Completes with the names of those that did not end.
    func stopCommands(ofThread threadID: String, on eventLoop: any EventLoop) -> EventLoopFuture<[String]>
}

public struct AgentUnavailable: Error, CustomStringConvertible {
    /// A sentence to show.
    public let description: String
    /// The server is stopping, so asking again is useless.
    public let isFinal: Bool

    public init(_ description: String, isFinal: Bool = false) {
        self.description = description
        self.isFinal = isFinal
    }
}
