import Synchronization

/// Passes a task's cancellation on to the thread that blocks for it.
final class Cancellation: Sendable {
    private let flag = Atomic(false)

    var isCancelled: Bool { flag.load(ordering: .relaxed) }

    private func cancel() { flag.store(true, ordering: .relaxed) }

    /// Runs `body` with a cancellation that follows the current task's.
    static func following<Value: Sendable>(
        _ body: (Cancellation) async throws -> Value
    ) async rethrows -> Value {
        let cancellation = Cancellation()
        return try await withTaskCancellationHandler {
            try await body(cancellation)
        } onCancel: {
            cancellation.cancel()
        }
    }
}
