/// What a session sends to its client: what the socket has had, what it is still to have, and what a client that comes
/// back may ask for again. A state machine; whoever holds it owns the socket.
public struct ReplayBuffer: Sendable {
    /// Whichever is reached first. Default 10,000 frames or 16 MiB.
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
        /// It is kept: the socket is not writable, or there is none.
        case hold
        /// The socket is so slow that frames it has not had are no longer kept. Close it.
        case overflow
    }

    /// Where a client that comes back stands.
    public enum Resumption: Sendable, Hashable {
        /// Nothing is missing: the next frame is the one at this position.
        case whole(next: UInt64)
        /// What lay before this position is no longer kept.
        case gap(next: UInt64)
    }

    private let limits: Limits
    /// Are frames kept after the socket has had them?
    private let isResumable: Bool
    private var storage = ReplayStorage()
    /// The position of the frame that the socket gets next; nil while there is no socket.
    ///
    /// Invariant: `storage.start <= cursor <= storage.end`, so nothing is ever left out in silence: a frame that must
    /// go before the socket had it takes the cursor away (``Delivery/overflow``).
    private var cursor: UInt64?
    private var isWritable = true

    /// Begins with a socket that has had nothing yet.
    public init(isResumable: Bool, limits: Limits) {
        self.isResumable = isResumable
        self.limits = limits
        cursor = 0
    }

    /// How many frames there have been. A client that has counted as many misses nothing.
    public var position: UInt64 { storage.end }
    /// Are there frames that the socket has not had?
    public var isBehind: Bool { cursor.map { $0 < storage.end } ?? false }

    public mutating func append(_ frame: UnsafeRawBufferPointer) -> Delivery {
        let isNext = cursor == storage.end
        // What no buffer could hold is written at once, or it could never be had at all.
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

    /// The next frame that the socket has not had; it counts as had. Nil when there is none or it is not writable.
    public mutating func next() -> ArraySlice<UInt8>? {
        guard isWritable, let cursor, let frame = storage[cursor] else { return nil }
        self.cursor = cursor + 1
        if !isResumable { storage.dropFirst() }
        return frame
    }

    public mutating func setWritable(_ isWritable: Bool) { self.isWritable = isWritable }

    /// The socket is gone; what comes now is kept for the next.
    public mutating func detach() { cursor = nil }

    /// A new socket, whose client has had `count` frames. A count that was never reached is a gap too.
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
