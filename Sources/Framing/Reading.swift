package import NIOCore

/// Read settings of sockets and pipes.
package enum Reading {
    /// NIO keeps as many read buffers per connection as it may read at once, even for an idle connection. One is
    /// enough: the rest is read in the next loop iteration, after other connections.
    package static let readsPerWakeUp: UInt = 1

    /// Buffers start small, since most connections are idle most of the time, and grow to the size of a pipe.
    package static let buffers = AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 512, maximum: 64 << 10)
}
