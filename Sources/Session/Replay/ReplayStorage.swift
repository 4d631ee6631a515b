/// Frames as bytes, in the order they came, the oldest dropped first.
///
/// They are copied into chunks, so that a short frame does not keep the whole buffer alive that it was read in, and
/// appending allocates once in a chunk and not once in a frame. A storage that is full allocates nothing: the chunk
/// that is dropped becomes the next.
struct ReplayStorage: Sendable {
    fileprivate struct Chunk {
        /// The position of its first frame, whether dropped or not.
        var first: UInt64
        var bytes: [UInt8] = []
        /// Where each frame ends in `bytes`.
        var ends: [UInt32] = []
    }

    private var chunks: [Chunk] = []
    /// The chunk that was dropped last.
    private var spare: Chunk?
    /// The position of the oldest frame that is kept. Positions count from 0 and are never used again.
    private(set) var start: UInt64 = 0
    /// The position that the next frame will have.
    private(set) var end: UInt64 = 0
    /// The sum of the kept frames' lengths.
    private(set) var byteCount = 0

    /// Chunks double from here to ``largestChunk``: an idle session costs little, a busy one allocates seldom.
    private static let smallestChunk = 512
    private static let largestChunk = 64 << 10
    /// A spare chunk that is larger is not kept: an eighth of what a storage holds by default
    /// (``ReplayBuffer/Limits``). The kernel gives out fresh memory page by page, which costs more than what is done
    /// with a long message here.
    private static let largestSpare = 2 << 20
    /// A spare chunk that is larger by this factor than what is needed is not used.
    private static let waste = 4

    var count: Int { Int(end - start) }

    mutating func append(_ frame: UnsafeRawBufferPointer) {
        let room = chunks.last.map { $0.bytes.capacity - $0.bytes.count } ?? -1
        if room < frame.count { addChunk(for: frame.count) }
        let last = chunks.count - 1
        chunks[last].bytes.append(contentsOf: frame)
        chunks[last].ends.append(UInt32(chunks[last].bytes.count))
        end += 1
        byteCount += frame.count
    }

    private mutating func addChunk(for length: Int) {
        let previous = chunks.last?.bytes.capacity ?? 0
        let capacity = max(length, min(max(previous * 2, Self.smallestChunk), Self.largestChunk))
        if var chunk = takeSpare(from: length, to: capacity * Self.waste) {
            chunk.first = end
            return chunks.append(chunk)
        }
        var chunk = Chunk(first: end)
        chunk.bytes.reserveCapacity(capacity)
        chunks.append(chunk)
    }

    private mutating func takeSpare(from least: Int, to most: Int) -> Chunk? {
        guard let capacity = spare?.bytes.capacity, least <= capacity, capacity <= most else { return nil }
        return spare.take()
    }

    private mutating func dropChunk() {
        var chunk = chunks.removeFirst()
        // Who is idle keeps nothing.
        guard !chunks.isEmpty, chunk.bytes.capacity <= Self.largestSpare else {
            spare = nil
            return
        }
        chunk.bytes.removeAll(keepingCapacity: true)
        chunk.ends.removeAll(keepingCapacity: true)
        spare = chunk
    }

    /// Nil for a position that is not kept.
    subscript(position: UInt64) -> ArraySlice<UInt8>? {
        guard start <= position, position < end else { return nil }
        // The first chunk that begins behind the position comes right after the one that holds it.
        var low = 0
        var high = chunks.count
        while low < high {
            let middle = (low + high) / 2
            if chunks[middle].first <= position { low = middle + 1 } else { high = middle }
        }
        return chunks[low - 1].frame(Int(position - chunks[low - 1].first))
    }

    /// Invariant: `chunks` is empty or its first holds the frame at `start`, so that dropping searches nothing.
    mutating func dropFirst() {
        guard start < end else { return }
        byteCount -= chunks[0].range(Int(start - chunks[0].first)).count
        start += 1
        if chunks[0].first + UInt64(chunks[0].ends.count) == start { dropChunk() }
    }

    /// Counts a frame that is not to be kept. Only for an empty storage.
    mutating func skip() {
        end += 1
        start = end
    }
}

extension ReplayStorage.Chunk {
    fileprivate func range(_ index: Int) -> Range<Int> {
        Int(index == 0 ? 0 : ends[index - 1])..<Int(ends[index])
    }

    fileprivate func frame(_ index: Int) -> ArraySlice<UInt8> { bytes[range(index)] }
}
