import NIOCore
@testable import Relay
import Session

/// A connection to an agent. Keeps what it was sent as text.
final class FakeAgent: AgentLink {
    let info: AgentInfo
    private(set) var lines: [String] = []
    private(set) var flushed = 0
    private(set) var isReading = true
    private(set) var isClosed = false
    private(set) var isAbandoned = false
    private var receiver: (any AgentReceiver)?

    init(_ info: AgentInfo, _ receiver: any AgentReceiver) { (self.info, self.receiver) = (info, receiver) }

    func send(_ message: ByteBuffer) { lines.append(String(buffer: message)) }
    func flush() { flushed = lines.count }
    func setReading(_ isReading: Bool) { self.isReading = isReading }
    func abandon() { isAbandoned = true }

    /// As a channel does, it reports its end from within.
    func close() {
        isClosed = true
        ends("The connection was closed.")
    }

    // MARK: The agent's actions

    func says(_ lines: String...) {
        for line in lines { receiver?.agentSent(ByteBuffer(string: line)) }
        receiver?.agentPaused()
    }

    func ends(_ reason: String = "The agent ended.") {
        let receiver = receiver
        self.receiver = nil
        receiver?.agentClosed(reason)
    }

    func takeLines() -> [String] {
        defer { lines = [] }
        return lines
    }
}
