import JSON
import JSONRPC

/// Questions that only people answer: the program's own answers to them are dropped. OpenAI's Python SDK approves every
/// command unless it is told otherwise.
struct DelegatedQuestions: Sendable {
    /// Whether a person can answer the request. False for a client's own tools and for requests about the client
    /// itself.
    private static func isForPeople(_ method: String) -> Bool {
        method.hasSuffix("/requestApproval") || method.hasSuffix("/requestUserInput")
            || ["mcpServer/elicitation/request", "execCommandApproval", "applyPatchApproval"].contains(method)
    }

    private var asked: Set<RequestID> = []

    /// Notes a message from the server.
    mutating func received(_ bytes: UnsafeRawBufferPointer) {
        guard let message = try? Message(scanning: bytes), case .request(let id) = message.kind,
            Self.isForPeople(message.method)
        else { return }
        asked.insert(id)
    }

    /// Whether the program's message answers one of these questions. True for a repeated answer as well.
    func isAnswered(by bytes: UnsafeRawBufferPointer) -> Bool {
        guard !asked.isEmpty, case .response(let id)? = try? Message(scanning: bytes).kind else { return false }
        return asked.contains(id)
    }
}
