import NIOCore
import NIOPosix

/// Unused buffers shared by the connections of one event loop. A message arrives in one buffer and leaves in another,
/// and each costs two allocations. Between messages, no connection holds a buffer.
package final class SpareBuffers {
    /// In bytes. Larger buffers are freed, so that spare buffers stay below 1 MiB.
    static let largest = 8 << 10
    /// The number of connections that write in one round.
    static let limit = 64

    /// The first ``count`` have storage; the others are empty. Buffers are swapped with those of the connections, which
    /// is cheaper than inserting and removing.
    private var buffers = [ByteBuffer](repeating: ByteBuffer(), count: limit)
    private var count = 0

    package init() {}

    /// Each event loop has its own thread.
    package static var ofThisThread: SpareBuffers {
        if let own = byThread.currentValue { return own }
        let own = SpareBuffers()
        byThread.currentValue = own
        return own
    }

    // Each thread sees only its own value.
    private nonisolated(unsafe) static let byThread = ThreadSpecificVariable<SpareBuffers>()

    /// Gives storage to an empty `buffer`, if there is a spare one.
    func take(into buffer: inout ByteBuffer) {
        guard count > 0 else { return }
        count -= 1
        swap(&buffers[count], &buffer)
    }

    /// Takes `buffer`'s storage. Slices of it that are still in use keep it instead.
    func give(_ buffer: inout ByteBuffer) {
        guard count < Self.limit, 1...Self.largest ~= buffer.storageCapacity else {
            buffer = ByteBuffer()
            return
        }
        buffer.clear(minimumCapacity: 0)
        // No storage is left if a slice is still in use.
        guard buffer.storageCapacity > 0 else { return }
        swap(&buffers[count], &buffer)
        count += 1
    }
}
