/// The frames that a session sends to its client: those already written to the socket, those still to be written, and
/// those that a reconnecting client may request again. A state machine; its owner also owns the socket.
public struct ReplayBuffer: Sendable {
    /// Whichever limit is reached first applies. Default 10,000 frames or 16 MiB.
    public struct Limits: Sendable, Hashable {
        public let frames: Int
        public let bytes: Int

        public init(frames: Int = 10_000, bytes: Int = 16 << 20) {
            self.frames = frames
            self.bytes = bytes
        }
    }

    public enum Delivery: Sendable, Hashable {
        /// Write it to the socket now.
        case write
        /// The frame is kept: the socket is not writable, or there is none.
        case hold
        /// The socket is so slow that frames not yet written to it had to be dropped. Close it.
        case overflow
    }

    /// The position of a reconnecting client.
    public enum Resumption: Sendable, Hashable {
        /// Nothing is missing: the next frame is the frame at this position.
        case whole(next: UInt64)
        /// The frames before this position are no longer kept.
        case gap(next: UInt64)
    }

    private let limits: Limits
    /// Are frames kept after they were written to the socket?
    private let isResumable: Bool
    private var storage = ReplayStorage()
    /// The position of the frame that the socket gets next; nil without a socket.
    ///
    /// Invariant: `storage.start <= cursor <= storage.end`, so no frame is ever skipped silently: dropping a frame that
    /// the socket has not received clears the cursor (``Delivery/overflow``).
    private var cursor: UInt64?
    private var isWritable = true

    /// Starts with a socket that has received nothing yet.
    public init(isResumable: Bool, limits: Limits) {
        self.isResumable = isResumable
        self.limits = limits
        cursor = 0
    }

    /// The number of frames so far. A client that has counted as many has missed nothing.
    public var position: UInt64 { storage.end }
    /// Are there frames that have not been written to the socket?
    public var isBehind: Bool { cursor.map { $0 < storage.end } ?? false }

    public mutating func append(_ frame: UnsafeRawBufferPointer) -> Delivery {
        let isNext = cursor == storage.end
        // A frame too large for the buffer is written at once, because it could never be sent otherwise.
        if isNext, isWritable || frame.count > limits.bytes {
            if isResumable { storage.append(frame) } else { storage.skip() }
            cursor = storage.end
            trim()
            return .write
        }
        storage.append(frame)
        trim()
        guard let cursor, cursor < storage.start else { return .hold }
        self.cursor = nil
        return .overflow
    }

    private mutating func trim() {
        while storage.count > limits.frames || storage.byteCount > limits.bytes { storage.dropFirst() }
    }

    /// The next unwritten frame; it counts as written from now on. nil if there is none or the socket is not writable.
    public mutating func next() -> ArraySlice<UInt8>? {
        guard isWritable, let cursor, let frame = storage[cursor] else { return nil }
        self.cursor = cursor + 1
        if !isResumable { storage.dropFirst() }
        return frame
    }

    public mutating func setWritable(_ isWritable: Bool) { self.isWritable = isWritable }

    /// The socket is gone; new frames are kept for the next socket.
    public mutating func detach() { cursor = nil }

    /// Attaches a new socket whose client has received `count` frames. A count that was never reached is also a gap.
    public mutating func attach(after count: UInt64) -> Resumption {
        isWritable = true
        guard storage.start <= count, count <= storage.end else {
            cursor = storage.start
            return .gap(next: storage.start)
        }
        cursor = count
        return .whole(next: count)
    }
}
