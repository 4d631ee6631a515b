import NIOCore
@testable import Relay

/// A client's socket. Keeps what it was sent as text.
final class FakeClient: ClientLink {
    /// The session that it is attached to.
    var receiver: (any ClientReceiver)?
    /// All messages, whether flushed or not.
    private(set) var lines: [String] = []
    /// How many messages had been sent at each flush that had something to flush.
    private(set) var flushes: [Int] = []
    private(set) var closeCode: UInt16?
    private(set) var closeReason: String?
    /// Messages that are not taken yet; at `room` of them the socket is not writable.
    private var waiting = 0
    private let room: Int

    init(room: Int = .max) { self.room = room }

    var isWritable: Bool { waiting < room }
    var flushed: [String] { Array(lines.prefix(flushes.last ?? 0)) }

    func send(_ message: ByteBuffer) {
        lines.append(String(buffer: message))
        waiting += 1
        // A channel reports a change from within the write that causes it.
        if waiting == room { receiver?.clientWritabilityChanged() }
    }

    func flush() {
        guard flushes.last ?? 0 != lines.count else { return }
        flushes.append(lines.count)
    }

    /// The session hears of the end only later, as with a real socket: see ``loses()``.
    func close(code: UInt16, reason: String) {
        if closeCode == nil { (closeCode, closeReason) = (code, reason) }
    }

    // MARK: The client's actions

    func says(_ line: String) { receiver?.clientSent(ByteBuffer(string: line)) }

    /// Takes everything that waits.
    func reads() {
        let wasWritable = isWritable
        waiting = 0
        if !wasWritable { receiver?.clientWritabilityChanged() }
    }

    /// The network loses the socket.
    func loses() {
        let receiver = receiver
        self.receiver = nil
        receiver?.clientClosed()
    }

    /// Forgets what it was sent, so that a test sees only what is new.
    func takeLines() -> [String] {
        defer { (lines, flushes) = ([], []) }
        return lines
    }
}
