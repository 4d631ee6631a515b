import CProcess
import Framing
import Glibc
import JSON
import Logging
import NIOCore
import NIOPosix
import Relay
import Session

/// One process connected to the gate's socket. A hook asks one question and gets one answer, each on one line. A
/// verifier speaks JSON-RPC while its thread is open. An MCP proxy carries the messages between codex and the MCP
/// server.
final class GateHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let hub: Hub
    private let rendezvous: LockedHookRendezvous
    private let proxies: MCPProxyEnds
    private let tools: ToolCallGate
    private let patchedFiles: PatchedFiles
    /// The users whose processes may connect.
    private let peers: Set<uid_t>
    private let logger: Logger
    private var lines = LineSplitter(limit: GateListener.questionLimit)
    private var isAsked = false
    private var isTrusted = false
    private var isGone = false
    /// Set while the hook's question is open.
    private var ticket: HookTicket?
    /// The hook's ticket in the rendezvous, which passes the hook's end on to its verifier.
    private var hook: HookTicket?
    private var verifier: HookVerifier?
    private var proxy: MCPProxyEnd?

    init(
        hub: Hub, rendezvous: LockedHookRendezvous, proxies: MCPProxyEnds, tools: ToolCallGate,
        patchedFiles: PatchedFiles, peers: Set<uid_t>, logger: Logger
    ) {
        self.hub = hub
        self.rendezvous = rendezvous
        self.proxies = proxies
        self.tools = tools
        self.patchedFiles = patchedFiles
        self.peers = peers
        self.logger = logger
    }

    func channelActive(context: ChannelHandlerContext) {
        let options = context.channel as? any SocketOptionProvider
        let channel = NIOLoopBound(context.channel, eventLoop: context.eventLoop)
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        let peer: EventLoopFuture<cprocess_peer>? = options?.unsafeGetSocketOption(
            level: .socket, name: .init(rawValue: SO_PEERCRED))
        guard let peer else {
            context.close(promise: nil)
            return
        }
        peer.whenComplete { result in
            if case .success(let peer) = result, handler.value.peers.contains(peer.uid) {
                handler.value.isTrusted = true
                handler.value.read(channel.value)
            } else {
                handler.value.logger.error("a process of another user asked the gate")
                channel.value.close(promise: nil)
            }
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lines.append(unwrapInboundIn(data))
        if isTrusted { read(context.channel) }
    }

    private func read(_ channel: any Channel) {
        do {
            while !isAsked, let line = try lines.next() {
                if let proxy {
                    proxy.receive(line)
                    continue
                }
                let json = try JSONValue(parsing: Array(line.readableBytesView))
                if json["mcp"] != nil {
                    proxy = MCPProxyEnd(json, ends: proxies, gate: tools, channel: channel)
                    if proxy == nil { channel.close(promise: nil) }
                } else if json["jsonrpc"] != nil {
                    let verifier = verifier ?? HookVerifier(rendezvous: rendezvous, channel: channel, logger: logger)
                    self.verifier = verifier
                    verifier.hear(json)
                } else {
                    isAsked = true
                    ask(json, channel)
                }
            }
        } catch {
            isAsked = true
            Self.reply(.deny(reason: "The gate cannot read the question: \(error)."), on: channel)
        }
    }

    private func ask(_ question: JSONValue, _ channel: any Channel) {
        guard let call = HookCall(question), var input = HookInput(question) else {
            return Self.reply(.deny(reason: "The gate cannot read this version's questions."), on: channel)
        }
        guard let hook = rendezvous.hookCame(for: call) else {
            return Self.reply(.deny(reason: "The approval gate was asked too late, so this did not run."), on: channel)
        }
        self.hook = hook
        if input.toolName == "Bash" { input.complete(from: Transcript.end(of: input.transcriptPath)) }
        let agents = input.addressedAgents
        guard agents.isEmpty else { return ask(input, hook, channel, about: agents) }
        let paths = input.patchedPaths
        guard !paths.isEmpty else { return ask(input, hook, channel) }
        let handler = NIOLoopBound(self, eventLoop: channel.eventLoop)
        NIOThreadPool.singleton.runIfActive(eventLoop: channel.eventLoop) { [patchedFiles] in
            patchedFiles.look(at: paths)
        }.whenComplete { [input] result in
            var input = input
            input.patchedFiles = (try? result.get()) ?? [:]
            handler.value.ask(input, hook, channel)
        }
    }

    /// codex writes the record of a new agent shortly after it has started the agent, so missing records are looked for
    /// again.
    private func ask(
        _ input: HookInput, _ hook: HookTicket?, _ channel: any Channel, about agents: [String], attempts: Int = 10
    ) {
        let handler = NIOLoopBound(self, eventLoop: channel.eventLoop)
        NIOThreadPool.singleton.runIfActive(eventLoop: channel.eventLoop) {
            ThreadLog.parents(of: agents, beside: input.transcriptPath)
        }.whenComplete { [input] result in
            var input = input
            let found = (try? result.get()) ?? .init()
            input.parents = found.parents
            guard found.hasMissing, attempts > 1 else { return handler.value.ask(input, hook, channel) }
            _ = channel.eventLoop.scheduleTask(in: .milliseconds(100)) { [input] in
                handler.value.ask(input, hook, channel, about: agents, attempts: attempts - 1)
            }
        }
    }

    private func ask(_ input: HookInput, _ hook: HookTicket?, _ channel: any Channel) {
        guard !isGone else { return }
        ticket = hub.hookAsked(input) { [rendezvous] verdict in
            if let hook { rendezvous.hookEnded(hook, verdict) }
            Self.reply(verdict, on: channel)
        }
    }

    private static func reply(_ verdict: HookVerdict, on channel: any Channel) {
        let line = ByteBuffer(bytes: verdict.json.serialized() + [0x0A])
        channel.writeAndFlush(line).whenComplete { _ in channel.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        isGone = true
        if let ticket { hub.hookGone(ticket) }
        if let hook { rendezvous.hookEnded(hook, nil) }
        verifier?.close()
        proxy?.close()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { proxy?.becameWritable() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
