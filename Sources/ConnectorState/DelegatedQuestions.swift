import JSON
import JSONRPC

/// Questions that are delegated to people: the program's own answers to them are not passed on. OpenAI's Python SDK
/// says yes to every command unless it is told otherwise.
struct DelegatedQuestions: Sendable {
    /// A client's own tools, and what it knows of itself, no person can answer for it.
    private static func isForPeople(_ method: String) -> Bool {
        method.hasSuffix("/requestApproval") || method.hasSuffix("/requestUserInput")
            || ["mcpServer/elicitation/request", "execCommandApproval", "applyPatchApproval"].contains(method)
    }

    private var asked: Set<RequestID> = []

    /// A message of the server's.
    mutating func received(_ bytes: UnsafeRawBufferPointer) {
        guard let message = try? Message(scanning: bytes), case .request(let id) = message.kind,
            Self.isForPeople(message.method)
        else { return }
        asked.insert(id)
    }

    /// Is this message of the program's an answer to one of them? Says so for each answer: a second one is none either.
    func isAnswered(by bytes: UnsafeRawBufferPointer) -> Bool {
        guard !asked.isEmpty, case .response(let id)? = try? Message(scanning: bytes).kind else { return false }
        return asked.contains(id)
    }
}
