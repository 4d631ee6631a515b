package import NIOCore

extension ChannelHandlerContext {
    /// The descriptor of a socket channel; nil for every other channel.
    ///
    /// NIO closes it right before it tells the handlers that the channel is inactive, and not earlier.
    package var socket: CInt? {
        try? pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { $0 }
    }
}
