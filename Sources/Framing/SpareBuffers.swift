import NIOCore
import NIOPosix

/// Buffers of the connections of one event loop that nobody needs at the moment. A message comes in one and goes out in
/// one, and each costs two allocations; between messages no connection holds any.
package final class SpareBuffers {
    /// In bytes. Larger ones are freed, so that what is spare stays below 1 MiB.
    static let largest = 8 << 10
    /// As many connections as write in one round.
    static let limit = 64

    private var buffers: [ByteBuffer] = []

    package init() {}

    /// An event loop has its thread for itself.
    package static var ofThisThread: SpareBuffers {
        if let own = byThread.currentValue { return own }
        let own = SpareBuffers()
        byThread.currentValue = own
        return own
    }

    // A thread sees its own value only.
    private nonisolated(unsafe) static let byThread = ThreadSpecificVariable<SpareBuffers>()

    /// Empty, with room or without.
    func take() -> ByteBuffer { buffers.popLast() ?? ByteBuffer() }

    /// Takes `buffer` away. What somebody still reads from it stays with them.
    func give(_ buffer: inout ByteBuffer) {
        var own = ByteBuffer()
        swap(&own, &buffer)
        guard buffers.count < Self.limit, 1...Self.largest ~= own.storageCapacity else { return }
        own.clear(minimumCapacity: 0)
        // Empty when somebody does.
        if own.storageCapacity > 0 { buffers.append(own) }
    }
}
