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
        let programs = try AgentPrograms(settings, codex: found, logger: logger)
        let run = try RunDirectory(below: settings.stateDirectory, for: programs.account.user)
        defer { run.remove() }
        let places = ProtectedPaths.find(settings, programs, run)
        if let fault = ProtectedPaths.fault(places, workspace: workspace) { throw fault.exit() }
        guard settings.isDemo else {
            return try await serve(programs, run, places, Credentials.provider(settings), latency)
        }
        let model = ScriptedModelServer(mode: .demo, logger: logger)
        try await model.withRunning { baseURL in
            let provider = try ModelProvider.demo(baseURL: baseURL, token: model.token, run, programs.account.user)
            try await serve(programs, run, places, { provider }, latency)
        }
    }

    private func serve(
        _ programs: AgentPrograms, _ run: RunDirectory, _ places: [ProtectedPath],
        _ provider: @escaping @Sendable () -> ModelProvider?,
        _ latency: CPULatency?
    ) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let kernelGate = KernelGate(
            settings, denied: AgentConfiguration.unreadable(settings, run, programs), logger: logger)
        if let file = AgentConfiguration.envClosedAsFile(settings, programs) {
            logger.notice(
                """
                .env lies beside what commands need, so only the file is closed to them: a command that runs while the \
                file is replaced can read the new one. Keep it in a directory of its own, and start the server there.
                """, metadata: ["file": "\(file)"])
        }
        let starts = StartGate(monitor: kernelGate.monitor)
        let toolProxy = ToolProxy(
            portFile: "\(settings.stateDirectory)/tool-proxy.port", secret: Hub.makeID(), logger: logger)
        var configuration = AgentConfiguration(settings, programs, run: run, provider: provider, kernelGate: kernelGate)
        if configuration.mayBeNoCodex {
            logger.warning(
                "\(AgentConfiguration.noCodexVariable)=1, for tests: CODEX_BIN may be a program that is not codex, and nothing that such a program starts is asked about"
            )
        }
        configuration.protectedPaths = places
        configuration.toolProxy = HTTPToolProxy(header: ToolProxy.header, secret: toolProxy.secret) {
            await toolProxy.address(of: $0, server: $1)
        }
        let (store, start) = try prepareTokens()
        let startSecret = start?.secretPath.flatMap(ProcessEnvironment.readFile)?.split(whereSeparator: \.isWhitespace)
            .first.map(String.init)
        let rules = try rulesAtStart()
        let threads = try openThreads()
        defer { threads.flush() }
        let log = try openRecord(hiding: [startSecret].compactMap(\.self))
        defer { log.close() }
        logMask.use(log.mask)
        let recorder = MeteredRecorder(log)
        let hub = Hub(
            approvalTimeout: settings.approvalTimeout, policy: policy(configuration), recorder: recorder,
            starts: starts, threads: threads, kept: try threads.threads(), viewerMask: ViewerMask(log.mask),
            timers: group.next(), logger: logger,
            onMessages: latency?.messagesFlow)
        let authenticator = try authenticator(store, start, hub)
        defer { authenticator.loginSessions.flush() }
        if let rules { apply(rules, hub, authenticator) }
        let rulesWatch = watchRules(hub, authenticator)
        defer { rulesWatch?.stop() }
        let tools = ToolCallGate(starts: starts, hub: hub, logger: logger)
        toolProxy.onMessage { tools.refusal(of: $0, to: $1) }
        kernelGate.monitor?.onStopped { hub.startStopped($0) }
        let drainDeadline = DrainDeadline(patience: settings.drainTimeout)
        let agent = makeAgent(configuration, run, group, drainDeadline)
        observe(agent, hub)
        let sessions = sessions(hub, agent, drainDeadline)
        let tls = try tls()
        let tlsWatches = watch(tls)
        defer { tlsWatches.forEach { $0.stop() } }
        let edge = edge(
            hub, authenticator, sessions, tls,
            status(
                hub, agent, log, threads, recorder,
                info: info(agent, isRoot: programs.account.isRoot, workspace: hub.policy.workspace))
        )
        noteStart(hub, store)
        defer { hub.note(AuditEntry(.serverStopped, at: 0)) }
        let application = EdgeServer(
            host: settings.host, port: settings.port, edge: edge,
            pageDirectory: ProcessEnvironment.all["PAGE_DIR"], group: group, logger: logger,
            onRunning: { channel in announce(channel.localAddress?.port ?? settings.port, start, startSecret) })
        let gate = GateService(
            listener: GateListener(
                path: run.gateSocket, hub: hub, tools: tools,
                patchedFiles: PatchedFiles(user: configuration.user, denied: configuration.unreadable),
                user: configuration.user, logger: logger),
            group: group)
        // They stop in reverse order: the sockets, the agent, and then the services that the agent needs.
        var running: [any Service] = [
            gate, toolProxy, AgentService(agent: agent), DrainService(sessions: sessions),
            ExpiryService(authenticator: authenticator, hub: hub, threads: threads), application,
        ]
        if let webhook = webhook(hub) { running.insert(webhook, at: 0) }
        let services = ServiceGroup(
            configuration: .init(
                // Set the name: the default name is a full description of the service's content.
                services: running.map { .init(service: $0, serviceName: "\(type(of: $0))") },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger))
        do {
            try await services.run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw Failure("PORT \(settings.port) is in use. Stop what listens there, or choose another port.")
        } catch let error as EdgeServer.LoopbackTaken {
            throw Failure(
                "Another program listens at [::1]:\(error.port), and a browser that opens http://localhost:\(error.port) would "
                    + "reach that one. Stop what listens there, or choose another PORT.")
        } catch let error as IOError where error.errnoCode == EADDRNOTAVAIL {
            throw wrongHost
        }
    }

    private func observe(_ agent: any AgentSupervisor, _ hub: Hub) {
        agent.onLifeEnd { hub.agentEnded($0) }
        agent.onThreadsRefused { [logger] reason in
            if let reason {
                logger.warning("new threads are refused", metadata: ["reason": "\(reason)"])
            } else {
                logger.notice("new threads may be opened again")
            }
            hub.notifyAllSessions("sre/threadsRefused", ["message": reason.map { .string($0) } ?? .null])
        }
        agent.onStatusChange { [weak agent, logger] status in
            switch status {
            case .ready:
                let version = agent?.version.map { JSONValue.string($0) } ?? .null
                logger.notice("agent is ready", metadata: ["version": "\(agent?.version ?? "unknown")"])
                let programs = agent?.programs ?? []
                for program in programs {
                    logger.notice(
                        "codex's configuration starts this program without approval",
                        metadata: ["program": "\(program)"])
                }
                hub.note(
                    AuditEntry(
                        .agentStarted, at: 0,
                        details: ["codexVersion": version, "programs": .array(programs.map { .string($0) })]))
                ProcessMemory.releaseStart()
            case .restarting(let reason), .failed(let reason):
                hub.note(AuditEntry(.agentEnded, at: 0, details: ["reason": .string(reason)]))
            case .starting, .stopped: break
            }
            // Each session reports restarts to its own client. Only an agent that fails to start is reported to all.
            guard case .failed(let reason) = status else { return }
            hub.notifyAllSessions("sre/agentStatus", ["state": "failed", "message": .string(reason)])
        }
    }

    private func webhook(_ hub: Hub) -> Webhook? {
        guard let url = settings.webhookURL else { return nil }
        let webhook = Webhook(
            url: url,
            pageURL: settings.publicURL.map { $0.origin + $0.path }
                ?? "http://\(Self.machineName ?? "localhost"):\(settings.port)",
            includesCommands: settings.webhookIncludesCommands, logger: logger, isOpen: { hub.isOpen($0) })
        hub.onWaiting { webhook.tell($0) }
        return webhook
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
        _ drainDeadline: DrainDeadline
    ) -> any AgentSupervisor {
        switch settings.agentMode {
        case .shared:
            SharedAgent(
                configuration: configuration, run: run, group: group, drainDeadline: drainDeadline, logger: logger)
        case .isolated:
            IsolatedAgent(
                configuration: configuration, run: run, group: group, drainDeadline: drainDeadline, logger: logger)
        }
    }
}
