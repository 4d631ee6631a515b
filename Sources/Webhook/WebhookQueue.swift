public import Logging
public import Session

/// The approvals that wait for delivery by a ``Webhook``.
public struct WebhookQueue: Sendable {
    /// Beyond this number of approvals, the oldest is dropped, with a line in the log.
    static let limit = 1_000

    let approvals: AsyncStream<Approval>
    private let enqueue: AsyncStream<Approval>.Continuation
    private let logger: Logger

    public init(logger: Logger) {
        self.logger = logger
        (approvals, enqueue) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.limit))
    }

    /// Called by the hub, on any thread. Returns at once.
    public func add(_ approval: Approval) {
        if case .dropped(let dropped) = enqueue.yield(approval) {
            logger.warning("webhook: too many wait, one was dropped", metadata: ["approval": "\(dropped.id)"])
        }
    }
}
