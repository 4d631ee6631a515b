import AsyncHTTPClient
import JSON
public import Logging
import NIOCore
import NIOHTTP1
public import ServiceLifecycle
import Session

/// Posts every approval that begins to wait to the URL in `WEBHOOK_URL`.
///
/// Nothing waits for the webhook: approvals go into a queue, each failed delivery is retried on its own, and a delivery
/// is dropped once its approval is over.
public final class Webhook: Service {
    /// Concurrent deliveries.
    static let parallel = 8
    /// Seconds before the second, third, … attempt. The last value repeats.
    static let pauses = [1, 2, 4, 8, 15, 30]
    static let patience = TimeAmount.seconds(10)

    private let url: String
    private let body: WebhookBody
    private let isOpen: @Sendable (String) -> Bool
    private let logger: Logger
    private let queue: WebhookQueue

    /// `isOpen` says whether the approval with this ID still waits or may wait again. The URL may hold a secret and is
    /// never logged.
    public init(
        _ queue: WebhookQueue, url: String, pageURL: String, includesCommands: Bool, logger: Logger,
        isOpen: @escaping @Sendable (String) -> Bool
    ) {
        self.url = url
        body = WebhookBody(pageURL: pageURL, includesCommands: includesCommands)
        self.isOpen = isOpen
        self.logger = logger
        self.queue = queue
    }

    public func run() async throws {
        let client = HTTPClient(eventLoopGroupProvider: .singleton)
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                let slots = AsyncStream<Void>.makeStream()
                for _ in 0..<Self.parallel { slots.continuation.yield() }
                var free = slots.stream.makeAsyncIterator()
                for await approval in self.queue.approvals {
                    guard await free.next() != nil else { break }
                    group.addTask {
                        await self.deliver(approval, client)
                        slots.continuation.yield()
                    }
                }
                group.cancelAll()
            }
        }
        try await client.shutdown()
    }

    private func deliver(_ approval: Approval, _ client: HTTPClient) async {
        for attempt in 0... {
            guard !Task.isCancelled, isOpen(approval.id) else { return }
            do {
                var request = HTTPClientRequest(url: url)
                request.method = .POST
                request.headers.add(name: "Content-Type", value: "application/json")
                request.body = .bytes(ByteBuffer(bytes: body.json(approval).serialized()))
                let response = try await client.execute(request, timeout: Self.patience)
                if (200..<300).contains(response.status.code) { return }
                logger.warning("webhook was refused", metadata: ["status": "\(response.status.code)"])
            } catch {
                logger.warning("webhook could not be reached", metadata: ["error": "\(type(of: error)): \(error)"])
            }
            try? await Task.sleep(for: .seconds(Self.pauses[min(attempt, Self.pauses.count - 1)]))
        }
    }
}
