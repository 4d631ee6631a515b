/// Frames as bytes, in arrival order; the oldest is dropped first.
///
/// Frames are copied into chunks. A short frame therefore does not keep the whole read buffer alive, and appending
/// allocates once per chunk, not once per frame. A full storage allocates nothing: the dropped chunk is reused as the
/// next.
struct ReplayStorage: Sendable {
    fileprivate struct Chunk {
        /// The position of the chunk's first frame, whether dropped or not.
        var first: UInt64
        var bytes: [UInt8] = []
        /// The end of each frame in `bytes`.
        var ends: [UInt32] = []
    }

    private var chunks: [Chunk] = []
    /// The most recently dropped chunk, for reuse.
    private var spare: Chunk?
    /// The position of the oldest kept frame. Positions count from 0 and are never reused.
    private(set) var start: UInt64 = 0
    /// The position that the next frame will have.
    private(set) var end: UInt64 = 0
    /// The sum of the kept frames' lengths.
    private(set) var byteCount = 0

    /// Chunk sizes double from here to ``largestChunk``: an idle session costs little, and a busy session rarely
    /// allocates.
    private static let smallestChunk = 512
    private static let largestChunk = 64 << 10
    /// A larger chunk is not kept for reuse. The limit is an eighth of a storage's default size
    /// (``ReplayBuffer/Limits``). The kernel hands out fresh memory page by page, which costs more than processing a
    /// long message here.
    private static let largestSpare = 2 << 20
    /// A spare chunk that exceeds the needed size by more than this factor is not reused.
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
        // An idle session keeps no spare chunk.
        guard !chunks.isEmpty, chunk.bytes.capacity <= Self.largestSpare else {
            spare = nil
            return
        }
        chunk.bytes.removeAll(keepingCapacity: true)
        chunk.ends.removeAll(keepingCapacity: true)
        spare = chunk
    }

    /// nil for a position that is not kept.
    subscript(position: UInt64) -> ArraySlice<UInt8>? {
        guard start <= position, position < end else { return nil }
        // The search finds the first chunk that starts after the position; the chunk before it holds the frame.
        var low = 0
        var high = chunks.count
        while low < high {
            let middle = (low + high) / 2
            if chunks[middle].first <= position { low = middle + 1 } else { high = middle }
        }
        return chunks[low - 1].frame(Int(position - chunks[low - 1].first))
    }

    /// Invariant: `chunks` is empty or its first chunk holds the frame at `start`, so that dropping needs no search.
    mutating func dropFirst() {
        guard start < end else { return }
        byteCount -= chunks[0].range(Int(start - chunks[0].first)).count
        start += 1
        if chunks[0].first + UInt64(chunks[0].ends.count) == start { dropChunk() }
    }

    /// Counts a frame without keeping it. Only for an empty storage.
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
