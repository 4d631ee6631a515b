import Framing
import Glibc
public import Logging
public import NIOCore
import NIOPosix
public import Relay
public import Session
import Synchronization

/// An agent process of its own for each session, on stdio. It ends with its session.
public final class IsolatedAgent: AgentConnector, AgentSupervisor {
    private struct State {
        var status: AgentStatus = .starting
        var preparation: AgentPreparation?
        var lives: UInt64 = 0
        var children: [ObjectIdentifier: ChildProcess] = [:]
        var waiting: [EventLoopPromise<Void>] = []
        var observer: (@Sendable (AgentStatus) -> Void)?
        /// Where all agents write their errors: a pipe for each would cost as much as the rest of the session.
        var errors: Int32?
    }

    private let state = Mutex(State())
    private let configuration: AgentConfiguration
    private let run: RunDirectory
    private let group: any EventLoopGroup
    private let logger: Logger
    private let stopping: StopClock
    private let (whenToPrepare, preparations) = AsyncStream<Void>.makeStream()

    public init(
        configuration: AgentConfiguration, run: RunDirectory, group: any EventLoopGroup, stopping: StopClock,
        logger: Logger
    ) {
        self.configuration = configuration
        self.run = run
        self.group = group
        self.stopping = stopping
        self.logger = logger
    }

    public var status: AgentStatus { state.withLock { $0.status } }
    public var outage: String? { status.outage }
    public var refusal: String? { state.withLock { $0.preparation?.refusal } }
    public var version: String? { state.withLock { $0.preparation?.version } }
    public var programs: [String] { state.withLock { $0.preparation?.configured.descriptions ?? [] } }

    public func onStatusChange(_ observer: @escaping @Sendable (AgentStatus) -> Void) {
        state.withLock { $0.observer = observer }
    }

    /// Asks the agent once what every later start needs; then waits for the end.
    public func supervise() async {
        var backoff = Backoff()
        var again = whenToPrepare.makeAsyncIterator()
        while !Task.isCancelled {
            let start = ContinuousClock.now
            do {
                becomeReady(try await AgentPreparation.run(configuration, run, onStdio: true))
                guard await again.next() != nil else { break }
                // Not at once, whoever connects and how often.
                try? await Task.sleep(for: backoff.ended(afterLiving: .now - start))
            } catch {
                let delay = backoff.ended(afterLiving: .zero)
                change(backoff.isFailed ? .failed(reason: "\(error)") : .restarting(reason: "\(error)"))
                try? await Task.sleep(for: delay)
            }
        }
        change(.stopped)
        await withDiscardingTaskGroup { group in
            for child in state.withLock({ Array($0.children.values) }) {
                group.addTask { await child.stop(patience: self.stopping.remaining) }
            }
        }
        ProcessTable.shared.killOrphans()
        if let errors = state.withLock({ $0.errors.take() }) { Null.close(errors) }
    }

    private func becomeReady(_ preparation: AgentPreparation) {
        state.withLock { $0.preparation = preparation }
        change(.ready)
    }

    private func change(_ status: AgentStatus) {
        let (waiting, observer) = state.withLock { state in
            state.status = status
            defer { state.waiting = [] }
            return (state.waiting, state.observer)
        }
        for promise in waiting {
            if status.outage != nil { promise.fail(AgentUnavailable(status)) } else { promise.succeed() }
        }
        observer?(status)
    }

    // MARK: Connections

    public func stopCommands(ofThread threadID: String, on eventLoop: any EventLoop) -> EventLoopFuture<[String]> {
        ThreadCommands.stop(threadID, on: eventLoop)
    }

    public func connect(_ receiver: NIOLoopBound<any AgentReceiver>) -> EventLoopFuture<NIOLoopBound<any AgentLink>> {
        let ready = state.withLock { state -> EventLoopFuture<Void> in
            // The agents that are ended last would otherwise each be followed by another.
            if state.status == .stopped {
                return receiver.eventLoop.makeFailedFuture(AgentUnavailable(state.status))
            }
            guard state.preparation == nil else { return receiver.eventLoop.makeSucceededVoidFuture() }
            let promise = receiver.eventLoop.makePromise(of: Void.self)
            state.waiting.append(promise)
            return promise.futureResult
        }
        return ready.flatMap { self.start(receiver) }
    }

    /// Each session has an agent of its own, which ends with its pipes.
    public func hasEnded(_ agent: AgentID, on eventLoop: any EventLoop) -> EventLoopFuture<Bool> {
        eventLoop.makeSucceededFuture(true)
    }

    public func onLifeEnd(_ observer: @escaping @Sendable (AgentID) -> Void) {}

    private func start(_ receiver: NIOLoopBound<any AgentReceiver>) -> EventLoopFuture<NIOLoopBound<any AgentLink>> {
        do {
            let (preparation, life) = state.withLock { state in
                state.lives += 1
                return (state.preparation, state.lives)
            }
            guard let preparation else { throw AgentUnavailable(status) }
            let facts = AgentFacts(
                id: AgentID(life), proof: configuration.proof, threadsRefused: preparation.refusal, isShared: false)
            let (child, pipes) = try spawn(preparation)
            return becomesCodex(child, on: receiver.eventLoop).flatMapError { error in
                child.signalGroup(SIGKILL)
                pipes.closeOwnEnds()
                return receiver.eventLoop.makeFailedFuture(error)
            }.flatMap { [self] in link(facts, child, pipes, receiver) }
        } catch let error as AgentUnavailable {
            return receiver.eventLoop.makeFailedFuture(error)
        } catch {
            return receiver.eventLoop.makeFailedFuture(AgentUnavailable("The agent cannot be started: \(error)."))
        }
    }

    /// Nothing is said to a process that has not become codex, below its gate.
    private func becomesCodex(_ child: ChildProcess, on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        guard let gate = child.gate, !gate.isOn else { return eventLoop.makeSucceededVoidFuture() }
        let settled = eventLoop.makePromise(of: Void.self)
        gate.whenSettled { settled.succeed() }
        child.onExit { _ in settled.succeed() }
        let late = eventLoop.scheduleTask(in: .init(SharedAgent.readyPatience)) { settled.succeed() }
        return settled.futureResult.flatMapThrowing { [self] in
            late.cancel()
            if gate.isOn { return }
            guard let fault = gate.fault else {
                throw AgentUnavailable("The agent does not start: CODEX_BIN has not become codex.")
            }
            prepareAgain(fault)
            throw AgentUnavailable(fault)
        }
    }

    /// CODEX_BIN is another one by now: it is asked again.
    private func prepareAgain(_ reason: String) {
        let isFirst = state.withLock { $0.preparation.take() != nil }
        guard isFirst else { return }
        change(.restarting(reason: reason))
        preparations.yield()
    }

    private func link(
        _ facts: AgentFacts, _ child: ChildProcess, _ pipes: Pipes, _ receiver: NIOLoopBound<any AgentReceiver>
    ) -> EventLoopFuture<NIOLoopBound<any AgentLink>> {
        let size = configuration.maximumMessageSize
        let linked = receiver.eventLoop.makePromise(of: NIOLoopBound<any AgentLink>.self)
        NIOPipeBootstrap(group: receiver.eventLoop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.maxMessagesPerRead, value: Reading.readsPerWakeUp)
            .channelOption(.recvAllocator, value: Reading.buffers)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let link = StdioLink(
                        facts: facts, child: child, receiver: receiver.value, input: pipes.toChild,
                        maximumMessageSize: size)
                    try channel.pipeline.syncOperations.addHandler(link)
                    linked.succeed(NIOLoopBound(link, eventLoop: channel.eventLoop))
                }
            }
            .takingOwnershipOfDescriptors(input: pipes.fromChild, output: pipes.toChild)
            .whenFailure { linked.fail($0) }
        return linked.futureResult
    }

    private func standardError() throws -> Int32 {
        try state.withLock { state in
            if let errors = state.errors { return errors }
            let errors = try StandardError(logger: logger).open(on: group)
            state.errors = errors
            return errors
        }
    }

    private func spawn(_ preparation: AgentPreparation) throws -> (ChildProcess, Pipes) {
        let errors = try standardError()
        let pipes = try Pipes()
        defer { pipes.closeChildEnds() }
        let child = try ProcessTable.shared.spawn(
            configuration.gatedLaunch(
                listen: nil, run: run, trust: preparation.trust, configured: preparation.configured,
                chain: preparation.chain),
            input: pipes.childInput, output: pipes.childOutput, error: errors)
        let key = ObjectIdentifier(child)
        state.withLock { $0.children[key] = child }
        child.onExit { [weak self] _ in
            guard let self else { return }
            let isStopping = state.withLock { state in
                state.children[key] = nil
                return state.status == .stopped
            }
            // While all end, once for all of them: each search looks at every child there is.
            if !isStopping { ProcessTable.shared.killOrphans() }
        }
        return (child, pipes)
    }
}
