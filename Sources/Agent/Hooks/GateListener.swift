import Framing
import Glibc
public import Logging
public import NIOCore
import NIOPosix
public import Relay

/// The socket on which codex's hook asks whether a tool call may run, and the verifier asks whether the hook has come.
/// A connected process can only ask questions.
public struct GateListener: Sendable {
    /// A question contains the whole patch, so it may be long.
    static let questionLimit = 64 << 20

    let path: String
    let hub: Hub
    let tools: ToolCallGate
    let patchedFiles: PatchedFiles
    let user: AgentUser?
    let logger: Logger

    /// `user` is the user that codex runs as, if it differs from the server's.
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

    /// The socket is listening when this returns. The caller closes the channel.
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
