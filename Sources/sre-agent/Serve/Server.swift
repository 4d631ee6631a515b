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
import Synchronization
import UnixSignals
import Webhook

/// Puts the rooms together: the one place that knows the web edge and the agent.
struct Server {
    let settings: Settings
    let logger: Logger

    init(settings: Settings) {
        self.settings = settings
        var logger = Logger(label: "sre-agent") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = Logger.Level(rawValue: settings.logLevel) ?? .info
        self.logger = logger
    }

    func run() async throws {
        guard let codex = CodexRuntime.find(settings.codexBinary) else { throw CodexRuntime.notFound }
        guard (try? SocketAddress.makeAddressResolvingHost(settings.host, port: settings.port)) != nil else {
            throw wrongHost
        }
        Descriptors.raiseLimit()
        try Directories.make(settings.workspace)
        do {
            try Settings.checkWorkspace(
                Directories.resolve(settings.workspace) ?? settings.workspace,
                workingDirectory: ProcessEnvironment.workingDirectory)
        } catch {
            throw error.exit()
        }
        try Directories.make(settings.stateDirectory, mode: 0o700)
        chmod(settings.stateDirectory, 0o700)
        let run = try RunDirectory(below: settings.stateDirectory)
        defer { run.remove() }
        let credentials = Credentials(settings)
        guard case .demo = credentials else {
            return try await serve(codex, run, credentials.provider(settings))
        }
        let model = ScriptedModelServer(mode: .demo, logger: logger)
        try await model.withRunning { baseURL in
            let catalog = "\(run.path)/models.json"
            try Self.write(CodexSettings.modelCatalog, to: catalog)
            let provider = ModelProvider(
                arguments: CodexSettings.arguments(baseURL: baseURL, catalogPath: catalog),
                environment: [CodexSettings.tokenVariable: model.token])
            try await serve(codex, run, provider)
        }
    }

    private func serve(_ codex: String, _ run: RunDirectory, _ provider: ModelProvider?) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let configuration = AgentConfiguration(settings, executable: codex, run: run, provider: provider)
        let hub = Hub(approvalTimeout: settings.approvalTimeout, timers: group.next(), logger: logger)
        let stopping = StopClock(patience: settings.drainTimeout)
        let agent = makeAgent(configuration, run, group, stopping)
        agent.onLifeEnd { hub.agentEnded($0) }
        // Each session tells its own client of restarts; only an agent that will not start is news for all.
        agent.onStatusChange { status in
            guard case .failed(let reason) = status else { return }
            hub.tellEverybody("sre/agentStatus", ["state": "failed", "message": .string(reason)])
        }
        let (token, _) = try AccessTokenFile.load(stateDirectory: settings.stateDirectory)
        let version = await SandboxProbe(configuration: configuration, run: run).version()
        let policy = policy(configuration.profiles)
        let sessions = sessions(hub, agent, stopping, policy)
        let application = EdgeServer.application(
            host: settings.host, port: settings.port,
            edge: edge(hub, agent, sessions, policy, token: token, codexVersion: version),
            pageDirectory: ProcessEnvironment.all["PAGE_DIR"], group: group, logger: logger,
            onRunning: { channel in announce(channel.localAddress?.port ?? settings.port, token) })
        let gate = GateService(listener: GateListener(path: run.gateSocket, hub: hub, logger: logger), group: group)
        // They stop in reverse: the sockets, the agent, and then what the agent needs.
        var running: [any Service] = [
            gate, AgentService(agent: agent), DrainService(sessions: sessions), application,
        ]
        if let webhook = webhook(hub) { running.insert(webhook, at: 0) }
        let services = ServiceGroup(
            configuration: .init(
                services: running.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger))
        do {
            try await services.run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw Failure("PORT \(settings.port) is in use. Stop what listens there, or choose another port.")
        } catch let error as IOError where error.errnoCode == EADDRNOTAVAIL {
            throw wrongHost
        }
    }

    private func webhook(_ hub: Hub) -> Webhook? {
        guard let url = settings.webhookURL else { return nil }
        let webhook = Webhook(
            url: url, pageURL: settings.publicURL ?? "http://\(Self.machineName ?? "localhost"):\(settings.port)",
            includesCommands: settings.webhookIncludesCommands, logger: logger, isWaiting: { hub.isWaiting($0) })
        hub.onWaiting { webhook.tell($0) }
        return webhook
    }

    private var wrongHost: any Error {
        SettingsError(key: "HOST", reason: "\"\(settings.host)\" is no address of this machine").exit()
    }

    private func makeAgent(
        _ configuration: AgentConfiguration, _ run: RunDirectory, _ group: any EventLoopGroup, _ stopping: StopClock
    ) -> any AgentSupervisor {
        switch settings.agentMode {
        case .shared:
            SharedAgent(
                configuration: configuration, run: run, group: group, stopping: stopping, logger: logger)
        case .isolated:
            IsolatedAgent(
                configuration: configuration, run: run, group: group, stopping: stopping, logger: logger)
        }
    }

    /// The address is for people and programs; the token only for a person at a terminal.
    private func announce(_ port: Int, _ token: String) {
        print(
            "SRE Agent Server \(Version.current) at http://localhost:\(port)\(settings.isDemo ? " (demo model)" : "")")
        if isatty(STDOUT_FILENO) == 1 {
            print("From other machines, sign in with this token: \(token)")
        } else {
            print("From other machines, sign in with the token in \(settings.stateDirectory)/token")
        }
        fflush(nil)
    }

    static var machineName: String? {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        guard descriptor >= 0, Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw Failure("\(path) cannot be written.")
        }
    }
}
