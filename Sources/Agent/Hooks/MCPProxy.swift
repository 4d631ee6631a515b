import JSON
import NIOCore
import Synchronization

/// The two connections of each `sre-agent-gate mcp` process, one per end. A message that codex sends arrives on one and
/// is forwarded on the other if it is allowed.
final class MCPProxyEnds: Sendable {
    enum End: String { case codex, server }

    private struct Pair {
        var channels: [End: any Channel] = [:]
        /// Lines for an end that has not connected yet.
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

    /// False if `end` is not writable for now.
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

    /// Closes both ends.
    func close(_ proxy: Int64) {
        let pair = pairs.withLock { $0.removeValue(forKey: proxy) }
        for channel in (pair?.channels ?? [:]).values { channel.close(promise: nil) }
    }
}

/// One end of an MCP proxy. Used on its channel's event loop.
final class MCPProxyEnd {
    private let end: MCPProxyEnds.End
    private let proxy: Int64
    private let server: String
    private let ends: MCPProxyEnds
    private let gate: ToolCallGate
    private let channel: any Channel

    /// `header` is the first line of a proxy's connection. nil if it is not a valid header.
    init?(_ header: JSONValue, ends: MCPProxyEnds, gate: ToolCallGate, channel: any Channel) {
        guard let end = header["mcp"]?.stringValue.flatMap(MCPProxyEnds.End.init),
            let proxy = header["proxy"]?.intValue, let server = header["server"]?.stringValue
        else { return nil }
        self.end = end
        self.proxy = proxy
        self.server = server
        self.ends = ends
        self.gate = gate
        self.channel = channel
        ends.open(end, of: proxy, channel)
    }

    func receive(_ line: ByteBuffer) {
        switch end {
        case .server: forward(line, to: .codex)
        case .codex:
            guard let refusal = gate.refusal(of: Array(line.readableBytesView), to: server) else {
                return forward(line, to: .server)
            }
            _ = ends.send(ByteBuffer(bytes: refusal.serialized() + [0x0A]), to: .codex, of: proxy)
        }
    }

    private func forward(_ line: ByteBuffer, to other: MCPProxyEnds.End) {
        var line = line
        line.writeInteger(UInt8(0x0A))
        // Resume reading when the other end becomes writable again: ``becameWritable()``.
        if !ends.send(line, to: other, of: proxy) { channel.setOption(.autoRead, value: false).whenComplete { _ in } }
    }

    func becameWritable() {
        guard let other = ends.channel(end == .codex ? .server : .codex, of: proxy) else { return }
        other.setOption(.autoRead, value: true).whenComplete { _ in other.read() }
    }

    func close() { ends.close(proxy) }
}
