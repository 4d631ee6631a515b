package import NIOCore

/// How sockets and pipes are read.
package enum Reading {
    /// NIO keeps as many read buffers for a connection as it may read at once, however idle it is. One is enough: what
    /// is left is read on the next turn, after what others have to say.
    package static let readsPerWakeUp: UInt = 1

    /// A buffer begins small, since most connections are idle most of the time, and grows to what a pipe holds.
    package static let buffers = AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 512, maximum: 64 << 10)
}
