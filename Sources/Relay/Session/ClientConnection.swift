import NIOCore
import Session

/// A session's connection to its client: one socket after another, and what is kept while there is none.
///
/// A state machine. ``SessionRelay`` calls it and performs what follows. It calls no socket itself, because a socket
/// may call the session back from within a write.
struct ClientConnection {
    private enum State {
        /// `isSending`: buffered frames are being written.
        case attached(ClientAttachment, isWritable: Bool, isSending: Bool)
        /// `ending` ends the session unless a socket resumes it; nil if the session is ending already.
        case detached(ending: Scheduled<Void>?)
    }

    private var state: State
    var replayBuffer: ReplayBuffer
    /// Number of messages received from the client, over all of its sockets.
    private(set) var received: UInt64 = 0
    /// The number of the socket that resumed the session last.
    private var lastNumber: UInt64 = 0

    init(_ replayBuffer: ReplayBuffer) {
        self.replayBuffer = replayBuffer
        state = .detached(ending: nil)
    }

    var attachment: ClientAttachment? { if case .attached(let attachment, _, _) = state { attachment } else { nil } }
    /// The socket does not take more. False without a socket.
    var isFull: Bool { if case .attached(_, let isWritable, _) = state { !isWritable } else { false } }

    mutating func countReceived() { received += 1 }

    /// The session's first socket.
    mutating func begin(_ attachment: ClientAttachment) {
        state = .attached(attachment, isWritable: true, isSending: false)
    }

    /// A socket wants the session. `number` orders sockets by when the server accepted them: an earlier one that was
    /// only slower to get here must not take the session back. Returns false for such a socket.
    mutating func accepts(number: UInt64) -> Bool {
        guard number > lastNumber else { return false }
        lastNumber = number
        if case .detached(let ending) = state {
            ending?.cancel()
            state = .detached(ending: nil)
        }
        return true
    }

    /// Replaces the socket by one whose client has received `count` frames.
    mutating func resume(_ attachment: ClientAttachment, after count: UInt64) -> ReplayBuffer.Resumption {
        begin(attachment)
        return replayBuffer.attach(after: count)
    }

    /// The socket is gone. Further frames are kept for the next one.
    mutating func detach() {
        state = .detached(ending: nil)
        replayBuffer.detach()
    }

    /// Replaces the timer that ends a session without a socket.
    mutating func setEnding(_ ending: Scheduled<Void>) {
        guard case .detached(let before) = state else { return ending.cancel() }
        before?.cancel()
        state = .detached(ending: ending)
    }

    /// The session has ended.
    mutating func close() {
        if case .detached(let ending) = state { ending?.cancel() }
        state = .detached(ending: nil)
    }

    // MARK: Writing buffered frames

    /// Returns the socket to write to; nil if there is none or it is being written to already.
    mutating func beginSending() -> (any ClientLink)? {
        guard case .attached(let attachment, let isWritable, false) = state else { return nil }
        state = .attached(attachment, isWritable: isWritable, isSending: true)
        return attachment.link
    }

    mutating func endSending(isWritable: Bool) {
        replayBuffer.setWritable(isWritable)
        guard case .attached(let attachment, _, _) = state else { return }
        state = .attached(attachment, isWritable: isWritable, isSending: false)
    }
}
