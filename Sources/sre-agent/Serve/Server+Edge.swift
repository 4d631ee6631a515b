import Access
import Agent
import Edge
import JSON
import Logging
import NIOCore
import Relay
import RulesFile
import Session
import Settings

/// The parts that the web edge needs: policy, sessions and server information.
extension Server {
    /// WORKSPACE with its links resolved, for comparison with other paths.
    var workspace: String { Directories.resolve(settings.workspace) ?? settings.workspace }

    func policy(_ environment: AgentEnvironment, _ rules: RulesFile?) -> ServerPolicy {
        let policy = ServerPolicy(
            workspace: workspace, profiles: environment.profiles, floors: defaultFloors,
            protectedPaths: environment.protectedPaths, files: files(environment),
            resolveDirectory: paths.directory)
        return rules?.applied(to: policy) ?? policy
    }

    private func files(_ environment: AgentEnvironment) -> ServerFiles {
        let home = settings.codexHome
        // codex looks for them here, regardless of a thread's directory.
        let skills =
            ["skills", "plugins", ".tmp/plugins", ".tmp/marketplaces", ".tmp/bundled-marketplaces"].map {
                "\(home)/\($0)"
            } + (environment.variables["HOME"].map { ["\($0)/.agents/skills", "\($0)/.agents/plugins"] } ?? [])
        // A process's environment and arguments in /proc may contain keys too.
        return ServerFiles(
            secrets: environment.unreadable + ["/proc"], skills: skills, resolve: paths.file)
    }

    func sessions(_ hub: Hub, _ agent: any AgentSupervisor, _ drainDeadline: DrainDeadline) -> SessionDirectory {
        let logger = logger
        let limits = TrafficLimits(
            framesPerSecond: settings.maximumFramesPerSecond, bytesPerSecond: settings.maximumBytesPerSecond,
            requestsInFlight: settings.maximumRequestsInFlight)
        return SessionDirectory(
            keep: TimeAmount(settings.sessionKeep),
            limits: .init(frames: settings.replayFrames, bytes: settings.replayBytes)
        ) { client, dialect, keeping, eventLoop in
            let session = ClientSession(
                id: hub.newSessionID(), client: client, dialect: dialect, policy: hub.policy, limits: limits,
                ownPrefix: "sre-\(Hub.makeID())-", knownMode: { hub.knownMode(of: $0) },
                keptThread: { hub.storedThread($0) },
                author: { hub.author(ofItem: $1, inThread: $0, $2) }, recordFailure: { hub.recordFailure })
            return SessionRelay(
                session: session, keeping: keeping, hub: hub, connector: agent, drainDeadline: drainDeadline,
                eventLoop: eventLoop, logger: logger)
        }
    }

    func edge(
        _ hub: Hub, _ authenticator: Authenticator, _ sessions: SessionDirectory, _ tls: TLS?,
        _ status: EdgeContext.Status
    ) -> EdgeContext {
        let publicHost = settings.publicURL.flatMap { $0.origin.split(separator: "/").last.map(String.init) }
        let hosts = HostNames(
            allowed: settings.allowedHosts + [publicHost].compactMap(\.self).map(Self.withoutPort),
            machine: Self.machineName)
        return EdgeContext(
            originPolicy: OriginPolicy(hosts: hosts, publicOrigin: settings.publicURL?.origin, hasTLS: tls != nil),
            authenticator: authenticator, hub: hub,
            sessions: sessions, status: status, tls: tls, isSecure: isSecure,
            publicPath: settings.publicURL?.path ?? "",
            maximumMessageSize: settings.maximumMessageSize, maximumSockets: settings.maximumSockets,
            maximumSocketsPerAddress: settings.maximumSocketsPerAddress)
    }

    /// Whether browsers reach the server through TLS, either its own or a proxy's.
    var isSecure: Bool { settings.tls != nil || settings.publicURL?.origin.hasPrefix("https://") == true }

    var isLoopbackOnly: Bool {
        settings.host == "::1" || settings.host == "localhost" || settings.host.hasPrefix("127.")
    }

    func tls() throws -> TLS? {
        guard let files = settings.tls else { return nil }
        do {
            return try TLS(certificate: files.certificate, key: files.key)
        } catch {
            throw SettingsError(
                key: "TLS_CERT", reason: "\(files.certificate) and \(files.key) cannot be used: \(error)"
            ).exit()
        }
    }

    /// Why a renewed file is not used: commands of agents that already run could read it.
    static func whyNotUsed(_ path: String, _ environment: AgentEnvironment) -> String? {
        let target = FileTree.target(of: path)
        guard !environment.unreadable.contains(where: { FileTree.contains($0, target) }) else { return nil }
        return
            "\(path) now leads to \(target), which commands can read: restart the server, so that it is closed to them"
    }

    /// Reloads renewed certificates while the server runs; new connections use the new one.
    func watch(_ tls: TLS?, _ environment: AgentEnvironment) -> [FileWatch] {
        guard let tls, let files = settings.tls else { return [] }
        let logger = logger
        return [files.certificate, files.key].map { path in
            FileWatch(path) {
                do {
                    if let reason = Self.whyNotUsed(files.key, environment) {
                        return logger.error(
                            "the certificate was not reloaded; the previous one stays in use: \(reason)")
                    }
                    try tls.reload()
                    logger.notice("the certificate was reloaded")
                } catch {
                    // While only one of the two files has been rewritten, certificate and key do not match.
                    logger.warning("the certificate could not be reloaded; the previous one stays in use: \(error)")
                }
            }
        }
    }

    func info(_ agent: any AgentSupervisor, isRoot: Bool, workspace: String) -> @Sendable () -> JSONObject {
        let settings = settings
        let startedAt = WallClock.now()
        return {
            [
                "demo": .bool(settings.isDemo), "version": .string(Version.current),
                "codexVersion": agent.version.map { .string($0) } ?? .null,
                "agentMode": .string(settings.agentMode.rawValue), "agentIsRoot": .bool(isRoot),
                "workspace": .string(workspace), "startedAt": .number(JSONNumber(startedAt)),
                "agent": ["state": .string(agent.status.word), "message": .string(agent.status.reason)],
                "threadsRefused": agent.threadsRefused.map { .string($0) } ?? .null,
                "defaults": ["approvalPolicy": "onRequest", "sandbox": "workspaceWrite"],
            ]
        }
    }

    private static func withoutPort(_ host: String) -> String {
        String(host.prefix { $0 != ":" })
    }
}
