import NIOCore
@testable import Relay
import Session
import Synchronization

/// Lets a test say when an agent is there.
final class FakeConnector: AgentConnector {
    private struct Call: Sendable {
        let receiver: NIOLoopBound<any AgentReceiver>
        let promise: EventLoopPromise<NIOLoopBound<any AgentLink>>
    }

    private struct State {
        var outage: String?
        var calls: [Call] = []
        var hasEnded = true
        var misconfigured: [String] = []
        var stopped: [String] = []
    }

    private let state = Mutex(State())

    var outage: String? {
        get { state.withLock { $0.outage } }
        set { state.withLock { $0.outage = newValue } }
    }

    /// Whether an agent whose connection is lost has itself ended.
    var hasEnded: Bool {
        get { state.withLock { $0.hasEnded } }
        set { state.withLock { $0.hasEnded = newValue } }
    }

    /// Sessions that wait for an agent.
    var waitingCount: Int { state.withLock { $0.calls.count } }
    var misconfigured: [String] { state.withLock { $0.misconfigured } }
    /// Threads whose commands were stopped.
    var stopped: [String] { state.withLock { $0.stopped } }

    /// An agent for the session that has waited longest.
    func starts(_ id: UInt64 = 1, isShared: Bool = true) -> FakeAgent {
        let call = takeCall()
        let info = AgentInfo(id: AgentID(id), proof: TestServer.proof, threadsRefused: nil, isShared: isShared)
        let agent = FakeAgent(info, call.receiver.value)
        call.promise.succeed(NIOLoopBound(agent, eventLoop: call.receiver.eventLoop))
        return agent
    }

    func fails(_ reason: String, isFinal: Bool = false) {
        takeCall().promise.fail(AgentUnavailable(reason, isFinal: isFinal))
    }

    /// Fails what still waits: NIO does not allow a promise to be forgotten.
    func shutDown() { while waitingCount > 0 { fails("The test is over.", isFinal: true) } }

    private func takeCall() -> Call { state.withLock { $0.calls.removeFirst() } }

    func connect(_ receiver: NIOLoopBound<any AgentReceiver>) -> EventLoopFuture<NIOLoopBound<any AgentLink>> {
        let promise = receiver.eventLoop.makePromise(of: NIOLoopBound<any AgentLink>.self)
        state.withLock { $0.calls.append(Call(receiver: receiver, promise: promise)) }
        return promise.futureResult
    }

    func hasEnded(_ agent: AgentID, on eventLoop: any EventLoop) -> EventLoopFuture<Bool> {
        eventLoop.makeSucceededFuture(hasEnded)
    }

    func startedMisconfigured(_ agent: AgentID, _ sentence: String) {
        state.withLock { $0.misconfigured.append(sentence) }
    }

    func stopCommands(ofThread threadID: String, on eventLoop: any EventLoop) -> EventLoopFuture<[String]> {
        state.withLock { $0.stopped.append(threadID) }
        return eventLoop.makeSucceededFuture([])
    }
}
