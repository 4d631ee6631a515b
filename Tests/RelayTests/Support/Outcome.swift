import NIOCore

/// Has a future been completed?
final class Outcome {
    private(set) var isThere = false

    init(_ future: EventLoopFuture<Void>) {
        future.assumeIsolated().whenComplete { _ in self.isThere = true }
    }
}
