import Agent
import Logging
import NIOCore
import Relay
import ServiceLifecycle

/// Keeps the agent alive until the server stops.
struct AgentService: Service {
    let agent: any AgentSupervisor

    func run() async throws {
        await cancelWhenGracefulShutdown { await agent.supervise() }
    }
}

/// Listens for hooks until the server stops. Started before the agent, whose hooks connect to it.
struct GateService: Service {
    let listener: GateListener
    let group: any EventLoopGroup

    func run() async throws {
        let channel = try await listener.bind(on: group)
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(3_600)) }
        }
        try? await channel.close()
    }
}

/// Lets the turns of sessions without a socket finish. Stops after the sockets and before the agent.
struct DrainService: Service {
    let sessions: SessionDirectory

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(3_600)) }
        }
        await sessions.drain()
    }
}
