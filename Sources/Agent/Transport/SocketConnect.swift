import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Relay
import Session

enum SocketConnect {
    /// Opens a connection to the shared agent on the receiver's event loop.
    static func connect(
        path: String, facts: AgentFacts, receiver: NIOLoopBound<any AgentReceiver>, maximumMessageSize: Int
    ) -> EventLoopFuture<NIOLoopBound<any AgentLink>> {
        let eventLoop = receiver.eventLoop
        let upgraded = eventLoop.makePromise(of: NIOLoopBound<any AgentLink>.self)
        let bootstrap = ClientBootstrap(group: eventLoop).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                let upgrader = NIOTypedWebSocketClientUpgrader<NIOLoopBound<any AgentLink>>(
                    maxFrameSize: maximumMessageSize, enableAutomaticErrorHandling: false,
                    upgradePipelineHandler: { channel, _ in
                        channel.eventLoop.makeCompletedFuture {
                            let link = SocketLink(
                                facts: facts, receiver: receiver.value, maximumMessageSize: maximumMessageSize)
                            let aggregator = NIOWebSocketFrameAggregator(
                                minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: .max,
                                maxAccumulatedFrameSize: maximumMessageSize)
                            try channel.pipeline.syncOperations.addHandlers([aggregator, link])
                            return NIOLoopBound(link, eventLoop: channel.eventLoop)
                        }
                    })
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
        bootstrap.connect(unixDomainSocketPath: path).whenFailure { upgraded.fail($0) }
        return upgraded.futureResult
    }
}
