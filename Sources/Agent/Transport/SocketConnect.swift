import Framing
import NIOCore
import NIOHTTP1
import NIOPosix
import Relay
import Session

enum SocketConnect {
    /// Opens a connection to the shared agent on the receiver's event loop.
    static func connect(
        to socket: AgentSocket, info: AgentInfo, receiver: NIOLoopBound<any AgentReceiver>, maximumMessageSize: Int
    ) -> EventLoopFuture<NIOLoopBound<any AgentLink>> {
        let eventLoop = receiver.eventLoop
        let upgraded = eventLoop.makePromise(of: NIOLoopBound<any AgentLink>.self)
        let bootstrap = ClientBootstrap(group: eventLoop).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.syncOptions?.setOption(.maxMessagesPerRead, value: Reading.readsPerWakeUp)
                try channel.syncOptions?.setOption(.recvAllocator, value: Reading.buffers)
                let upgrader = AgentSocketUpgrader { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let link = SocketLink(
                            info: info, receiver: receiver.value, maximumMessageSize: maximumMessageSize)
                        try channel.pipeline.syncOperations.addHandler(link)
                        return NIOLoopBound(link, eventLoop: channel.eventLoop)
                    }
                }
                var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")
                head.headers.add(name: "Host", value: "localhost")
                let configuration = NIOTypedHTTPClientUpgradeConfiguration(
                    upgradeRequestHead: head, upgraders: [upgrader],
                    notUpgradingCompletionHandler: { channel in
                        channel.eventLoop.makeFailedFuture(
                            AgentUnavailable("The agent does not speak WebSocket on its socket."))
                    })
                try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
                    configuration: .init(upgradeConfiguration: configuration)
                ).cascade(to: upgraded)
            }
        }
        bootstrap.connect(unixDomainSocketPath: socket.path).whenComplete { result in
            // Keep the socket open until connected: its descriptor number is in the path.
            withExtendedLifetime(socket) { if case .failure(let error) = result { upgraded.fail(error) } }
        }
        return upgraded.futureResult
    }
}
