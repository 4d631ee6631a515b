import Framing
import Glibc
public import Logging
public import NIOCore
import NIOPosix
public import Relay
public import Session
import Synchronization

/// One agent process per session, on stdio. It ends with its session.
///
/// Without a session, no running agent shows whether agents can start. The supervisor therefore starts a trial agent at
/// launch, when a file in ``AgentFiles`` has changed, when a session's agent has failed, and at intervals; while none
/// starts, it keeps retrying.
public final class IsolatedAgent: AgentConnector, AgentSupervisor {
    private struct State {
        var status: AgentStatus = .starting
        var preparation: AgentPreparation?
        /// A session's agent has failed since the last trial.
        var isDoubtful = false
        var lives: UInt64 = 0
        var children: [ObjectIdentifier: ChildProcess] = [:]
        var waiting: [EventLoopPromise<Void>] = []
        /// The value last passed to the observer.
        var refused: String?
        /// The shared pipe for all agents' standard error: a pipe per agent would cost as much as the rest of the
        /// session.
        var errors: Int32?
    }

    private let state = Mutex(State())
    private let configuration: AgentConfiguration
    private let run: RunDirectory
    private let group: any EventLoopGroup
    private let observer: any AgentObserver
    private let logger: Logger
    private let drainDeadline: DrainDeadline

    /// The shortest time between trials, so that many failing sessions do not each cause one.
    static let shortestTrust: Duration = .seconds(5)
    /// The longest time between trials when nothing suggests a change.
    static let longestTrust: Duration = .seconds(600)
    /// An agent that exits by itself within this time has failed.
    static let shortLife: Duration = .seconds(10)

    public init(
        configuration: AgentConfiguration, run: RunDirectory, group: any EventLoopGroup, drainDeadline: DrainDeadline,
        observer: any AgentObserver, logger: Logger
    ) {
        self.configuration = configuration
        self.run = run
        self.group = group
        self.drainDeadline = drainDeadline
        self.observer = observer
        self.logger = logger
    }

    public var status: AgentStatus { state.withLock { $0.status } }
    public var outage: String? { status.outage }
    public var threadsRefused: String? { state.withLock { Self.refused($0) } }
    public var version: String? { state.withLock { $0.preparation?.version } }
    public var programs: [String] { state.withLock { $0.preparation?.configured.descriptions ?? [] } }

    /// Asks a trial agent for the data that every later start needs, and again when it may have changed.
    public func supervise() async {
        var backoff = Backoff()
        while !Task.isCancelled {
            try? RunDirectory.makePrivate(configuration.codexHome)
            let files = AgentFiles(configuration)
            state.withLock { $0.isDoubtful = false }
            do {
                becomeReady(try await AgentPreparation.run(configuration, run, onStdio: true))
                backoff = Backoff()
                await trust(asOf: files)
            } catch {
                if Task.isCancelled { break }
                let delay = backoff.ended(afterLiving: .zero)
                becomeUnready("\(error)", isFailed: backoff.isFailed)
                if await AgentFiles.pause(delay, since: files, configuration) { backoff = Backoff() }
            }
        }
        change(.stopped)
        await withDiscardingTaskGroup { group in
            for child in state.withLock({ Array($0.children.values) }) {
                group.addTask { await child.stop(patience: self.drainDeadline.remaining) }
            }
        }
        ProcessTable.shared.killOrphans()
        if let errors = state.withLock({ $0.errors.take() }) { Null.close(errors) }
    }

    /// Returns when there is a reason for another trial.
    private func trust(asOf files: AgentFiles) async {
        let start = ContinuousClock.now
        while !Task.isCancelled {
            try? await Task.sleep(for: AgentFiles.lookInterval)
            let (isReady, isDoubtful) = state.withLock { ($0.status.isReady, $0.isDoubtful) }
            let age = ContinuousClock.now - start
            if !isReady || isDoubtful && age >= Self.shortestTrust || age >= Self.longestTrust { return }
            if AgentFiles(configuration) != files { return }
        }
    }

    private func becomeReady(_ preparation: AgentPreparation) {
        let (before, isNews) = state.withLock { state in
            defer { state.preparation = preparation }
            let isSame =
                state.status.isReady && state.preparation?.version == preparation.version
                && state.preparation?.configured.descriptions == preparation.configured.descriptions
            return (state.preparation, !isSame)
        }
        if before?.warnings != preparation.warnings { preparation.warn(logger) }
        if isNews { change(.ready) } else { tellRefused() }
    }

    /// Running agents are unaffected. The status is failed only if no preparation has succeeded.
    private func becomeUnready(_ reason: String, isFailed: Bool) {
        let isFirstTime = state.withLock { $0.preparation == nil }
        let status: AgentStatus = isFailed && isFirstTime ? .failed(reason: reason) : .restarting(reason: reason)
        guard self.status != status else { return }
        logger.warning("no agent can be started", metadata: ["reason": "\(reason)"])
        change(status)
    }

    private static func refused(_ state: State) -> String? {
        guard let preparation = state.preparation else { return nil }
        return switch state.status {
        case .ready: preparation.refusal
        case .restarting(let reason), .failed(let reason): reason
        case .starting, .stopped: nil
        }
    }

    private func tellRefused() {
        let (refused, isNews) = state.withLock { state in
            let refused = Self.refused(state)
            defer { state.refused = refused }
            return (refused, refused != state.refused)
        }
        if isNews { observer.threadsRefused(refused) }
    }

    private func change(_ status: AgentStatus) {
        let (waiting, preparation) = state.withLock { state in
            state.status = status
            defer { state.waiting = [] }
            return (state.waiting, state.preparation)
        }
        for promise in waiting {
            if status.outage != nil { promise.fail(AgentUnavailable(status)) } else { promise.succeed() }
        }
        observer.agentChanged(
            to: status, version: preparation?.version, programs: preparation?.configured.descriptions ?? [])
        if status != .stopped { tellRefused() }
    }

    // MARK: Connections

    public func stopCommands(ofThread threadID: String, on eventLoop: any EventLoop) -> EventLoopFuture<[String]> {
        ThreadCommands.stop(threadID, on: eventLoop)
    }

    public func connect(_ receiver: NIOLoopBound<any AgentReceiver>) -> EventLoopFuture<NIOLoopBound<any AgentLink>> {
        let ready = state.withLock { state -> EventLoopFuture<Void> in
            // Otherwise a session whose agent is being stopped would start a new one.
            if state.status == .stopped {
                return receiver.eventLoop.makeFailedFuture(AgentUnavailable(state.status))
            }
            guard !state.status.isReady else { return receiver.eventLoop.makeSucceededVoidFuture() }
            let promise = receiver.eventLoop.makePromise(of: Void.self)
            state.waiting.append(promise)
            return promise.futureResult
        }
        return ready.flatMap { self.start(receiver) }
    }

    /// Each session has its own agent, which ends with its pipes.
    public func hasEnded(_ agent: AgentID, on eventLoop: any EventLoop) -> EventLoopFuture<Bool> {
        eventLoop.makeSucceededFuture(true)
    }

    public func startedMisconfigured(_ agent: AgentID, _ sentence: String) { becomeUnready(sentence, isFailed: false) }

    private func start(_ receiver: NIOLoopBound<any AgentReceiver>) -> EventLoopFuture<NIOLoopBound<any AgentLink>> {
        do {
            let (preparation, life) = state.withLock { state in
                state.lives += 1
                return (state.preparation, state.lives)
            }
            guard let preparation else { throw AgentUnavailable(status) }
            let info = AgentInfo(
                id: AgentID(life), proof: configuration.proof, threadsRefused: preparation.refusal, isShared: false)
            let (child, pipes) = try spawn(preparation)
            return becomesCodex(child, on: receiver.eventLoop).flatMapError { error in
                child.signalGroup(SIGKILL)
                pipes.closeOwnEnds()
                return receiver.eventLoop.makeFailedFuture(error)
            }.flatMap { [self] in link(info, child, pipes, receiver) }
        } catch let error as AgentUnavailable {
            return receiver.eventLoop.makeFailedFuture(error)
        } catch {
            state.withLock { $0.isDoubtful = true }
            return receiver.eventLoop.makeFailedFuture(AgentUnavailable("The agent cannot be started: \(error)."))
        }
    }

    /// Wait until the process has become codex under its gate: nothing may be sent to it before.
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

    /// CODEX_BIN is now a different program, so it must be prepared again.
    private func prepareAgain(_ reason: String) {
        let isFirst = state.withLock { $0.preparation.take() != nil }
        guard isFirst else { return }
        change(.restarting(reason: reason))
    }

    private func link(
        _ info: AgentInfo, _ child: ChildProcess, _ pipes: Pipes, _ receiver: NIOLoopBound<any AgentReceiver>
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
                        info: info, child: child, receiver: receiver.value, input: pipes.toChild,
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
        let start = ContinuousClock.now
        child.onExit { [weak self] status in
            guard let self else { return }
            let isStopping = state.withLock { state in
                state.children[key] = nil
                if status != .exited(code: 0), .now - start < Self.shortLife { state.isDoubtful = true }
                return state.status == .stopped
            }
            // On shutdown, search once for all agents: each search examines every child process.
            if !isStopping { ProcessTable.shared.killOrphans() }
        }
        return (child, pipes)
    }
}
