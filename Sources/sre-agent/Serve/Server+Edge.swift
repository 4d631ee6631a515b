import Agent
import Edge
import JSON
import NIOCore
import Relay
import Session
import Settings

/// What the web edge is given: who may do what, where sessions come from, what the server says of itself.
extension Server {
    func policy(_ profiles: PermissionProfiles) -> ServerPolicy {
        ServerPolicy(
            workspace: Directories.resolve(settings.workspace) ?? settings.workspace, profiles: profiles,
            allowsUnattended: settings.allowsUnattended, allowsFullAccess: settings.allowsFullAccess,
            resolveDirectory: Directories.resolve)
    }

    func sessions(_ hub: Hub, _ agent: any AgentSupervisor, _ stopping: StopClock, _ policy: ServerPolicy)
        -> SessionDirectory
    {
        let logger = logger
        let limits = TrafficLimits(
            framesPerSecond: settings.maximumFramesPerSecond, bytesPerSecond: settings.maximumBytesPerSecond,
            requestsInFlight: settings.maximumRequestsInFlight)
        return SessionDirectory(
            keep: TimeAmount(settings.sessionKeep),
            limits: .init(frames: settings.replayFrames, bytes: settings.replayBytes)
        ) { actor, dialect, keeping, eventLoop in
            let session = ClientSession(
                id: hub.newSessionID(), actor: actor, dialect: dialect, policy: policy, limits: limits,
                ownPrefix: "sre-\(Hub.makeID())-", knownMode: { hub.knownMode(of: $0) })
            return SessionRelay(
                session: session, keeping: keeping, hub: hub, connector: agent, stopping: stopping,
                eventLoop: eventLoop, logger: logger)
        }
    }

    func edge(
        _ hub: Hub, _ agent: any AgentSupervisor, _ sessions: SessionDirectory, _ policy: ServerPolicy, token: String,
        codexVersion: String?
    ) -> EdgeContext {
        let publicHost = settings.publicURL.flatMap { $0.split(separator: "/").last.map(String.init) }
        let hosts = HostNames(
            allowed: settings.allowedHosts + [publicHost].compactMap(\.self).map(Self.withoutPort),
            machine: Self.machineName)
        let settings = settings
        return EdgeContext(
            door: Door(hosts: hosts, publicOrigin: settings.publicURL, token: AccessToken(token)), hub: hub,
            sessions: sessions, maximumMessageSize: settings.maximumMessageSize,
            maximumSockets: settings.maximumSockets, maximumSocketsPerAddress: settings.maximumSocketsPerAddress,
            notReady: { agent.status.isReady ? agent.refusal : agent.status.reason },
            info: {
                [
                    "demo": .bool(settings.isDemo), "version": .string(Version.current),
                    "codexVersion": codexVersion.map { .string($0) } ?? .null,
                    "agentMode": .string(settings.agentMode.rawValue), "workspace": .string(policy.workspace),
                    "agent": ["state": .string(agent.status.word), "message": .string(agent.status.reason)],
                    "defaults": ["approvalPolicy": "onRequest", "sandbox": "workspaceWrite"],
                ]
            })
    }

    private static func withoutPort(_ host: String) -> String {
        String(host.prefix { $0 != ":" })
    }
}
