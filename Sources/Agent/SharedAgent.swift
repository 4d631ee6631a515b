import Glibc
public import Logging
public import NIOCore
import NIOPosix
public import Relay
public import Session
import Synchronization

/// One supervised agent process for all sessions. Each session has its own connection to it.
public final class SharedAgent: AgentConnector, AgentSupervisor {
    struct State {
        var status: AgentStatus = .starting
        /// nil while no agent is ready.
        var current: (info: AgentInfo, socket: AgentSocket)?
        /// The preparation and the files it was based on.
        var preparation: (AgentPreparation, AgentFiles)?
        /// Why the running agent could open no new thread.
        var fault: String?
        var lives: UInt64 = 0
        /// The process of the most recent life.
        var child: ChildProcess?
        /// The most recent life that the server ended, and why.
        var ended: (life: UInt64, reason: String)?
        var waiting: [EventLoopPromise<Void>] = []
        /// The value last passed to the observer.
        var refused: String?

        var threadsRefused: String? { current.flatMap { $0.info.threadsRefused ?? fault } }
    }

    let state = Mutex(State())
    let configuration: AgentConfiguration
    let run: RunDirectory
    private let group: any EventLoopGroup
    let observer: any AgentObserver
    let logger: Logger
    /// How long running turns may continue after the server was told to stop.
    private let drainDeadline: DrainDeadline

    /// How long to wait for the agent's end after a lost connection.
    static let endPatience = TimeAmount.seconds(2)
    /// A living codex may take long to get ready: it may have much to index, or run a script first.
    static let readyPatience: Duration = .seconds(300)

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
    public var threadsRefused: String? { state.withLock { $0.threadsRefused } }
    public var version: String? { state.withLock { $0.preparation?.0.version } }
    public var programs: [String] { state.withLock { $0.preparation?.0.configured.descriptions ?? [] } }

    /// Keeps an agent running until the task is cancelled, then stops it and the processes that it left behind.
    public func supervise() async {
        var backoff = Backoff()
        while !Task.isCancelled {
            let start = ContinuousClock.now
            try? RunDirectory.makePrivate(configuration.codexHome)
            let files = AgentFiles(configuration)
            let reason = await liveOnce()
            if Task.isCancelled { break }
            let delay = backoff.ended(afterLiving: .now - start)
            logger.warning("agent ended", metadata: ["reason": "\(reason)", "restart in": "\(delay)"])
            change(backoff.isFailed ? .failed(reason: reason) : .restarting(reason: reason))
            if await AgentFiles.pause(delay, since: files, configuration) { backoff = Backoff() }
        }
        change(.stopped)
    }

    /// Runs one life of the agent's process. Returns why it ended, as a sentence.
    private func liveOnce() async -> String {
        let errors = StandardError(logger: logger)
        do {
            let (preparation, files) = try await prepare()
            let child = try start(preparation, errors)
            defer { ProcessTable.shared.killOrphans() }
            guard await becomesReady(child) else {
                await child.stop(patience: .zero)
                if let fault = child.gate?.fault {
                    // CODEX_BIN is now a different program, so it must be prepared again.
                    state.withLock { $0.preparation = nil }
                    return fault
                }
                return "The agent did not get ready\(errors.lastLine.map { ": \($0)" } ?? ".")"
            }
            let life = state.withLock { state in
                state.lives += 1
                state.child = child
                return state.lives
            }
            let info = AgentInfo(
                id: AgentID(life), proof: configuration.proof, threadsRefused: preparation.refusal, isShared: true)
            let socket: AgentSocket
            do {
                socket = try AgentSocket(takenFrom: run.agentSocket, of: configuration.user?.uid ?? geteuid())
            } catch {
                await child.stop(patience: .zero)
                throw error
            }
            if let fault = errors.misconfiguration {
                await child.stop(patience: .zero)
                state.withLock { $0.preparation = nil }
                return fault.sentence
            }
            change(.ready, (info, socket))
            watch(child, info, socket)
            async let _ = followConfiguration(of: info.id, preparation, asOf: files)
            while child.exitStatus == nil, !Task.isCancelled { await Self.exit(of: child) }
            defer { observer.agentEnded(info.id) }
            if let ended = state.withLock({ $0.ended }), ended.life == life { return ended.reason }
            if let status = child.exitStatus {
                return "The agent ended (\(status))\(errors.lastLine.map { ": \($0)" } ?? ".")"
            }
            await child.stop(patience: drainDeadline.remaining)
            return "The server is stopping."
        } catch {
            return "\(error)"
        }
    }

    /// Kills an agent that hangs; ``liveOnce()`` then notices its end.
    private func watch(_ child: ChildProcess, _ info: AgentInfo, _ socket: AgentSocket) {
        let size = configuration.maximumMessageSize
        HealthCheck.start(
            on: group.next(),
            onSilence: { [weak self] in
                self?.end(
                    info.id, because: "The agent sent nothing for \(Heartbeat.patience) s, so it was ended.")
            },
            connect: { SocketConnect.connect(to: socket, info: info, receiver: $0, maximumMessageSize: size) })
    }

    private func start(_ preparation: AgentPreparation, _ errors: StandardError) throws -> ChildProcess {
        let errorEnd = try errors.open(on: group)
        let null = try Null.open()
        defer {
            Null.close(errorEnd)
            Null.close(null)
        }
        return try ProcessTable.shared.spawn(
            configuration.gatedLaunch(
                listen: run.agentSocket, run: run, trust: preparation.trust, configured: preparation.configured,
                chain: preparation.chain),
            input: null, output: null,
            error: errorEnd)
    }

    /// codex answers on its socket as soon as the socket file exists.
    private func becomesReady(_ child: ChildProcess) async -> Bool {
        let deadline = ContinuousClock.now + Self.readyPatience
        while child.exitStatus == nil, child.gate?.fault == nil, ContinuousClock.now < deadline, !Task.isCancelled {
            if child.isGateOn, await acceptsConnections() { return true }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return false
    }

    private func acceptsConnections() async -> Bool {
        guard
            let channel = try? await ClientBootstrap(group: group).connect(unixDomainSocketPath: run.agentSocket).get()
        else { return false }
        try? await channel.close()
        return true
    }

    /// Returns when the child has ended or the task is cancelled.
    private static func exit(of child: ChildProcess) async {
        let (ended, continuation) = AsyncStream<Void>.makeStream()
        child.onExit { _ in continuation.finish() }
        for await _ in ended {}
    }

    private func change(_ status: AgentStatus, _ current: (info: AgentInfo, socket: AgentSocket)? = nil) {
        let (waiting, preparation) = state.withLock { state in
            state.status = status
            state.current = current
            state.fault = nil
            defer { state.waiting = [] }
            return (state.waiting, state.preparation?.0)
        }
        for promise in waiting {
            if status.outage != nil { promise.fail(AgentUnavailable(status)) } else { promise.succeed() }
        }
        observer.agentChanged(
            to: status, version: preparation?.version, programs: preparation?.configured.descriptions ?? [])
        tellRefused()
    }

    // MARK: Connections

    public func stopCommands(ofThread threadID: String, on eventLoop: any EventLoop) -> EventLoopFuture<[String]> {
        ThreadCommands.stop(threadID, on: eventLoop)
    }

    /// The agent's sockets close shortly before its end is known, and a connection can also break on its own.
    public func hasEnded(_ agent: AgentID, on eventLoop: any EventLoop) -> EventLoopFuture<Bool> {
        let promise = eventLoop.makePromise(of: Bool.self)
        let deadline = NIODeadline.now() + Self.endPatience
        eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(5)) { [weak self] task in
            let isThere = self?.state.withLock { $0.current?.info.id == agent } ?? false
            guard !isThere || NIODeadline.now() >= deadline else { return }
            task.cancel()
            promise.succeed(!isThere)
        }
        return promise.futureResult
    }

    public func connect(_ receiver: NIOLoopBound<any AgentReceiver>) -> EventLoopFuture<NIOLoopBound<any AgentLink>> {
        let ready = state.withLock { state -> EventLoopFuture<Void> in
            if state.status == .stopped {
                return receiver.eventLoop.makeFailedFuture(AgentUnavailable(state.status))
            }
            guard state.current == nil else { return receiver.eventLoop.makeSucceededVoidFuture() }
            let promise = receiver.eventLoop.makePromise(of: Void.self)
            state.waiting.append(promise)
            return promise.futureResult
        }
        return ready.flatMap { [self] in
            guard let (info, socket) = state.withLock({ $0.current }) else {
                return receiver.eventLoop.makeFailedFuture(AgentUnavailable(status))
            }
            return SocketConnect.connect(
                to: socket, info: info, receiver: receiver, maximumMessageSize: configuration.maximumMessageSize)
        }
    }
}
