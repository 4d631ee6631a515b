import Framing
import Glibc
public import Logging
public import NIOCore
import NIOPosix
public import Relay

/// The socket on which codex's hook asks whether a tool call may run, and the verifier whether the hook has come. It
/// can be used to ask and for nothing else.
public struct GateListener: Sendable {
    /// A patch travels inside the question, so it may be long.
    static let questionLimit = 64 << 20

    let path: String
    let hub: Hub
    let tools: ToolCallGate
    let patchedFiles: PatchedFiles
    let user: AgentUser?
    let logger: Logger

    /// `user` is who codex runs as, where that is not the server's own.
    public init(
        path: String, hub: Hub, tools: ToolCallGate, patchedFiles: PatchedFiles, user: AgentUser?, logger: Logger
    ) {
        self.path = path
        self.hub = hub
        self.tools = tools
        self.patchedFiles = patchedFiles
        self.user = user
        self.logger = logger
    }

    /// Listens when it returns; the caller closes the channel.
    public func bind(on group: any EventLoopGroup) async throws -> any Channel {
        let rendezvous = LockedHookRendezvous()
        let proxies = MCPProxyEnds()
        let peers = Set([getuid(), user?.uid].compactMap(\.self))
        let channel = try await ServerBootstrap(group: group)
            .childChannelOption(.allowRemoteHalfClosure, value: false)
            .childChannelOption(.maxMessagesPerRead, value: Reading.readsPerWakeUp)
            .childChannelOption(.recvAllocator, value: Reading.buffers)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        GateHandler(
                            hub: hub, rendezvous: rendezvous, proxies: proxies, tools: tools,
                            patchedFiles: patchedFiles, peers: peers, logger: logger))
                }
            }
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
        chmod(path, 0o600)
        if let user { chown(path, user.uid, user.gid) }
        return channel
    }
}
