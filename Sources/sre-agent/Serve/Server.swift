import AuditLog
import AuditRecord
import Access
import Agent
import ArgumentParser
import Settings
import Edge
import Glibc
import Hummingbird
import JSON
import Logging
import NIOCore
import NIOPosix
import Relay
import ScriptedModel
import ServiceLifecycle
import Session
import StateStore
import ToolProxy
import Synchronization
import UnixSignals
import Webhook

/// Wires the targets together: the only code that knows both the web edge and the agent.
struct Server {
    let settings: Settings
    let logger: Logger
    let paths: PathLookup
    private let logMask: LogMask

    init(settings: Settings) {
        self.settings = settings
        let mask = LogMask(known: [settings.openAIKey, settings.webhookURL].compactMap(\.self))
        logMask = mask
        var logger = Logger(label: "sre-agent") {
            MaskingLogHandler(StreamLogHandler.standardError(label: $0), mask: mask)
        }
        logger.logLevel = Logger.Level(rawValue: settings.logLevel) ?? .info
        self.logger = logger
        paths = PathLookup(logger: logger)
    }

    func run() async throws {
        let found = try CodexRuntime.find(settings.codexBinary)
        guard ExecutablePaths.hasGate else { throw ExecutablePaths.gateNotFound }
        guard (try? SocketAddress.makeAddressResolvingHost(settings.host, port: settings.port)) != nil else {
            throw wrongHost
        }
        ProcessMemory.closeToOthers()
        Descriptors.raiseLimit()
        ProcessMemory.returnWhatIsFreed()
        EventLoops.configure()
        EventLoops.preferBatches()
        let latency = try cpuLatency()
        try Directories.make(settings.workspace)
        do {
            try Settings.checkWorkspace(
                workspace,
                workingDirectory: ProcessEnvironment.workingDirectory)
            try checkRulesFile()
        } catch {
            throw error.exit()
        }
        try Directories.make(settings.stateDirectory, mode: 0o700)
        chmod(settings.stateDirectory, 0o700)
        let lock = try StateLock(settings.stateDirectory)
        defer { extendLifetime(lock) }
        let programs = try AgentPrograms(settings, codex: found, logger: logger)
        let run = try RunDirectory(below: settings.stateDirectory, for: programs.account.user)
        defer { run.remove() }
        let environment: AgentEnvironment
        do {
            environment = try AgentEnvironment(settings, programs, run)
        } catch {
            throw error.exit()
        }
        guard settings.isDemo else {
            return try await serve(environment, Credentials.provider(settings), latency)
        }
        let model = ScriptedModelServer(mode: .demo, logger: logger)
        try await model.withRunning { baseURL in
            let provider = try ModelProvider.demo(baseURL: baseURL, token: model.token, run, programs.account.user)
            try await serve(environment, { provider }, latency)
        }
    }

    /// Creates each part from those that it uses: first what is on disk, then the hub, then what asks or tells the hub.
    private func serve(
        _ environment: AgentEnvironment, _ provider: @escaping @Sendable () -> ModelProvider?, _ latency: CPULatency?
    ) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let kernelGate = KernelGate(settings, denied: environment.unreadable, logger: logger)
        warn(environment)
        let tokens = try prepareTokens()
        let rules = try rulesAtStart()
        let state = try openState(hiding: [tokens.startSecret].compactMap(\.self))
        defer { state.close() }
        logMask.use(state.log.mask)
        let starts = GrantStore(programs: kernelGate.grants)
        let webhookQueue = settings.webhookURL.map { _ in WebhookQueue(logger: logger) }
        let hub = Hub(
            approvalTimeout: settings.approvalTimeout, policy: policy(environment, rules), recorder: state.recorder,
            starts: starts, threads: state.threads,
            kept: KeptThreads(byID: try state.threads.threads(), since: WallClock.now()),
            viewerMask: ViewerMask(state.log.mask), timers: group.next(), logger: logger,
            onMessages: latency?.messagesFlow, onWaiting: webhookQueue?.add)
        let authenticator = try authenticator(tokens, rules)
        defer { authenticator.loginSessions.flush() }
        let rulesWatch = watchRules(hub, authenticator, environment)
        defer { rulesWatch?.stop() }
        let tools = ToolCallGate(starts: starts, hub: hub, logger: logger)
        let toolProxy = ToolProxy(
            portFile: "\(settings.stateDirectory)/tool-proxy.port", secret: Hub.makeID(), logger: logger,
            judge: tools.refusal, sessionEnded: tools.notMade)
        let configuration = AgentConfiguration(
            settings, environment, provider: provider, refusal: kernelGate.refusal,
            monitor: kernelGate.monitor(logger: logger, onStopped: hub.startStopped),
            toolProxy: HTTPToolProxy(header: ToolProxy.header, secret: toolProxy.secret, address: toolProxy.address))
        let drainDeadline = DrainDeadline(patience: settings.drainTimeout)
        let agent = makeAgent(
            configuration, environment.run, group, drainDeadline, AgentReporter(hub: hub, logger: logger))
        let sessions = sessions(hub, agent, drainDeadline)
        let tls = try tls()
        let tlsWatches = watch(tls, environment)
        defer { tlsWatches.forEach { $0.stop() } }
        let manager = ServiceManager(ProcessEnvironment.all, drainTimeout: settings.drainTimeout)
        let info = info(agent, isRoot: environment.programs.account.isRoot, workspace: hub.policy.workspace)
        let edge = edge(
            hub, authenticator, sessions, tls,
            status(hub, agent, state, Subdirectories(user: configuration.user), info: info))
        noteStart(hub, tokens.store)
        defer { hub.note(AuditEntry(.serverStopped, at: 0)) }
        let application = EdgeServer(
            host: settings.host, port: settings.port, edge: edge,
            pageDirectory: ProcessEnvironment.all["PAGE_DIR"], group: group, logger: logger,
            onRunning: { channel in
                announce(channel.localAddress?.port ?? settings.port, tokens)
                manager.ready()
            })
        let gate = GateService(
            listener: GateListener(
                path: environment.run.gateSocket, hub: hub, tools: tools,
                patchedFiles: PatchedFiles(user: configuration.user, denied: configuration.unreadable),
                user: configuration.user, logger: logger),
            group: group)
        // They stop in reverse order: the sockets, the agent, and then the services that the agent needs.
        try await run([
            webhookQueue.flatMap { webhook($0, hub) }, TokenChangeService(authenticator: authenticator, hub: hub),
            gate, toolProxy, AgentService(agent: agent), DrainService(sessions: sessions),
            ExpiryService(authenticator: authenticator, hub: hub, threads: state.threads), application,
            ServiceManagerService(manager: manager, logger: logger) {
                rulesWatch?.readAgain()
                tlsWatches.first?.readAgain()
            },
        ])
    }

    private func run(_ services: [(any Service)?]) async throws {
        let group = ServiceGroup(
            configuration: .init(
                // Set the name: the default name is a full description of the service's content.
                services: services.compactMap(\.self).map { .init(service: $0, serviceName: "\(type(of: $0))") },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger))
        do {
            try await group.run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw Failure("PORT \(settings.port) is in use. Stop what listens there, or choose another port.")
        } catch let error as EdgeServer.LoopbackTaken {
            throw Failure(
                "Another program listens at [::1]:\(error.port), and a browser that opens http://localhost:\(error.port) would "
                    + "reach that one. Stop what listens there, or choose another PORT.")
        } catch let error as IOError where error.errnoCode == EACCES && settings.port < 1_024 {
            throw Failure(
                "PORT \(settings.port) is only for root. Choose 1024 or above, and put a proxy in front.")
        } catch let error as IOError where error.errnoCode == EADDRNOTAVAIL {
            throw wrongHost
        }
    }

    private func warn(_ environment: AgentEnvironment) {
        if let file = AgentConfiguration.envClosedAsFile(settings, environment.programs) {
            logger.notice(
                """
                .env lies beside what commands need, so only the file is closed to them: a command that runs while the \
                file is replaced can read the new one. Keep it in a directory of its own, and start the server there.
                """, metadata: ["file": "\(file)"])
        }
        if AgentConfiguration.mayBeNoCodex {
            logger.warning(
                "\(AgentConfiguration.noCodexVariable)=1, for tests: CODEX_BIN may be a program that is not codex, and nothing that such a program starts is asked about"
            )
        }
    }

    private func webhook(_ queue: WebhookQueue, _ hub: Hub) -> Webhook? {
        guard let url = settings.webhookURL else { return nil }
        return Webhook(
            queue, url: url,
            pageURL: settings.publicURL.map { $0.origin + $0.path }
                ?? "http://\(Self.machineName ?? "localhost"):\(settings.port)",
            includesCommands: settings.webhookIncludesCommands, logger: logger, isOpen: hub.isOpen)
    }

    private func cpuLatency() throws -> CPULatency? {
        guard let microseconds = settings.cpuLatencyMicroseconds else { return nil }
        do {
            return try CPULatency(
                microseconds: Int32(microseconds), timers: MultiThreadedEventLoopGroup.singleton.next())
        } catch {
            throw error.exit()
        }
    }

    private var wrongHost: any Error {
        SettingsError(key: "HOST", reason: "\"\(settings.host)\" is not an address of this machine").exit()
    }

    private func makeAgent(
        _ configuration: AgentConfiguration, _ run: RunDirectory, _ group: any EventLoopGroup,
        _ drainDeadline: DrainDeadline, _ observer: any AgentObserver
    ) -> any AgentSupervisor {
        switch settings.agentMode {
        case .shared:
            SharedAgent(
                configuration: configuration, run: run, group: group, drainDeadline: drainDeadline, observer: observer,
                logger: logger)
        case .isolated:
            IsolatedAgent(
                configuration: configuration, run: run, group: group, drainDeadline: drainDeadline, observer: observer,
                logger: logger)
        }
    }
}
