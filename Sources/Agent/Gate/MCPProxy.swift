import ExecGate
import JSON
import Logging
import NIOCore
import Relay
import Synchronization

/// The two ends of each MCP proxy, as connections of one `sre-agent-gate mcp` process: what codex says comes in at the
/// one and leaves by the other when it may.
final class MCPProxyEnds: Sendable {
    enum End: String { case codex, server }

    private struct Pair {
        var channels: [End: any Channel] = [:]
        /// For an end that has not come yet.
        var early: [End: [ByteBuffer]] = [:]
    }

    private let pairs = Mutex<[Int64: Pair]>([:])

    func open(_ end: End, of proxy: Int64, _ channel: any Channel) {
        let early = pairs.withLock { pairs in
            pairs[proxy, default: Pair()].channels[end] = channel
            return pairs[proxy]?.early.removeValue(forKey: end) ?? []
        }
        for line in early { channel.writeAndFlush(line, promise: nil) }
    }

    /// False when `end` takes no more for now.
    func send(_ line: ByteBuffer, to end: End, of proxy: Int64) -> Bool {
        let channel = pairs.withLock { pairs in
            let channel = pairs[proxy]?.channels[end]
            if channel == nil { pairs[proxy]?.early[end, default: []].append(line) }
            return channel
        }
        guard let channel else { return true }
        channel.writeAndFlush(line, promise: nil)
        return channel.isWritable
    }

    func channel(_ end: End, of proxy: Int64) -> (any Channel)? {
        pairs.withLock { $0[proxy]?.channels[end] }
    }

    /// Both ends close together.
    func close(_ proxy: Int64) {
        let pair = pairs.withLock { $0.removeValue(forKey: proxy) }
        for channel in (pair?.channels ?? [:]).values { channel.close(promise: nil) }
    }
}

/// One end of an MCP proxy. Lives on its channel's event loop.
final class MCPProxyEnd {
    private let end: MCPProxyEnds.End
    private let proxy: Int64
    private let server: String
    private let ends: MCPProxyEnds
    private let starts: StartGate
    private let hub: Hub
    private let channel: any Channel
    private let logger: Logger

    /// `header` is the first line of a proxy's connection. Nil when it is none.
    init?(
        _ header: JSONValue, ends: MCPProxyEnds, starts: StartGate, hub: Hub, channel: any Channel, logger: Logger
    ) {
        guard let end = header["mcp"]?.stringValue.flatMap(MCPProxyEnds.End.init),
            let proxy = header["proxy"]?.intValue, let server = header["server"]?.stringValue
        else { return nil }
        self.end = end
        self.proxy = proxy
        self.server = server
        self.ends = ends
        self.starts = starts
        self.hub = hub
        self.channel = channel
        self.logger = logger
        ends.open(end, of: proxy, channel)
    }

    func receive(_ line: ByteBuffer) {
        switch end {
        case .server: forward(line, to: .codex)
        case .codex:
            guard let refusal = refusal(of: line) else { return forward(line, to: .server) }
            _ = ends.send(ByteBuffer(bytes: refusal.serialized() + [0x0A]), to: .codex, of: proxy)
        }
    }

    /// What codex is told instead; nil when the line may pass.
    private func refusal(of line: ByteBuffer) -> JSONValue? {
        guard let message = try? JSONValue(parsing: Array(line.readableBytesView)), message.objectValue != nil else {
            return refused(.null, nil, "something that is no single JSON-RPC message")
        }
        // Not by a conditional expression: there, nil is JSON's null.
        guard let call = ToolCall(message, server: server), !starts.take(call) else { return nil }
        return refused(call.id, call, call.description)
    }

    private func refused(_ id: JSONValue, _ call: ToolCall?, _ what: String) -> JSONValue {
        logger.error("a call of an MCP tool was stopped", metadata: ["server": "\(server)", "call": "\(what)"])
        hub.startStopped(
            .init(threadID: call?.threadID, callID: call?.callID, command: what, reason: "nobody has allowed it"))
        let message = "The approval gate of the SRE Agent Server did not allow this call, so it was not made."
        return ["jsonrpc": "2.0", "id": id, "error": ["code": -32000, "message": .string(message)]]
    }

    private func forward(_ line: ByteBuffer, to other: MCPProxyEnds.End) {
        var line = line
        line.writeInteger(UInt8(0x0A))
        // The other end says when it takes more: ``becameWritable()``.
        if !ends.send(line, to: other, of: proxy) { channel.setOption(.autoRead, value: false).whenComplete { _ in } }
    }

    func becameWritable() {
        guard let other = ends.channel(end == .codex ? .server : .codex, of: proxy) else { return }
        other.setOption(.autoRead, value: true).whenComplete { _ in other.read() }
    }

    func close() { ends.close(proxy) }
}
