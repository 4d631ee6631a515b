package import NIOCore

extension ChannelHandlerContext {
    /// What a socket's channel writes to. Nil for every other channel.
    ///
    /// NIO closes it right before it tells the handlers that the channel is inactive, and not sooner.
    package var socket: CInt? {
        try? pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { $0 }
    }
}
