import NIOCore
import NIOPosix

/// Buffers of the connections of one event loop that nobody needs at the moment. A message comes in one and goes out in
/// one, and each costs two allocations; between messages no connection holds any.
package final class SpareBuffers {
    /// In bytes. Larger ones are freed, so that what is spare stays below 1 MiB.
    static let largest = 8 << 10
    /// As many connections as write in one round.
    static let limit = 64

    /// The first ``count`` have room; the others are empty. They change places with those of connections, which is
    /// cheaper than coming and going.
    private var buffers = [ByteBuffer](repeating: ByteBuffer(), count: limit)
    private var count = 0

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

    /// Gives room to `buffer`, which has none, if there is a spare one.
    func take(into buffer: inout ByteBuffer) {
        guard count > 0 else { return }
        count -= 1
        swap(&buffers[count], &buffer)
    }

    /// Takes `buffer`'s room away. What somebody still reads from it stays with them.
    func give(_ buffer: inout ByteBuffer) {
        guard count < Self.limit, 1...Self.largest ~= buffer.storageCapacity else {
            buffer = ByteBuffer()
            return
        }
        buffer.clear(minimumCapacity: 0)
        // No room is left when somebody does.
        guard buffer.storageCapacity > 0 else { return }
        swap(&buffers[count], &buffer)
        count += 1
    }
}
