import AuditRecord
import JSON
public import JSONRPC
import Policy

extension ClientSession {
    /// Handles a message from the client. A message that is not JSON or not JSON-RPC is answered here and never reaches
    /// the agent.
    public mutating func receiveFromClient(_ bytes: UnsafeRawBufferPointer, now: Milliseconds) -> Outcome {
        let wait = max(frameRate.take(1, at: now) ?? 0, byteRate.take(bytes.count, at: now) ?? 0)
        let message: Message
        do {
            let envelope = try Envelope(scanning: bytes)
            if wait == 0, beginPlainRequest(envelope, bytes) { return .forward }
            message = try Message(envelope, in: bytes)
        } catch {
            if let reply = error.reply { return .act([.sendToClient(reply)]) }
            return .act([.answer(requestID: .null, .result(.null))])
        }
        switch message.kind {
        case .notification:
            guard mayNotify(message, bytes) else { return .act([]) }
            return agent == nil ? .act([]) : .forward
        case .response(let id):
            return .act([.answer(requestID: id.json, Self.answer(message, bytes))])
        case .request(let id):
            do {
                try checkLoad(wait)
                return try request(id, message, bytes, now: now)
            } catch {
                if error.code == .refused {
                    note(
                        .methodRefused, threadID: Self.threadID(message, bytes),
                        details: [
                            "method": .string(MethodRules.shown(message.method)), "reason": .string(error.message),
                        ])
                }
                return .act([.sendToClient(MessageEncoder.error(error, id: id))])
            }
        }
    }

    /// A notification has no response that could report the refusal, so the refusal is recorded.
    private mutating func mayNotify(_ message: Message, _ bytes: UnsafeRawBufferPointer) -> Bool {
        guard message.method != "initialized" else { return true }
        do {
            try MethodRules.check(message.method, principal: principal, permissions: policy.methods)
            return true
        } catch {
            note(
                .methodRefused, threadID: Self.threadID(message, bytes),
                details: ["method": .string(MethodRules.shown(message.method)), "reason": .string(error.message)])
            return false
        }
    }

    private static func answer(_ message: Message, _ bytes: UnsafeRawBufferPointer) -> Answer {
        func value(_ range: Range<Int>) -> JSONValue {
            (try? JSONValue(parsing: UnsafeRawBufferPointer(rebasing: bytes[range]))) ?? .null
        }
        if let error = message.error { return .error(value(error)) }
        return .result(message.result.map(value) ?? .null)
    }

    static func threadID(_ message: Message, _ bytes: UnsafeRawBufferPointer) -> String? {
        guard let range = message.params else { return nil }
        return string(at: JSONScanner.find("threadId", in: bytes, at: range), bytes)
    }

    /// The author of the request's input cannot be stored, so the agent does not get the request.
    public mutating func inputNotKept(of id: RequestID, reason: String) -> [Action] {
        pending[id] = nil
        ownCalls = ownCalls.filter { $0.value.client != id }
        return [.sendToClient(MessageEncoder.error(ErrorReply(.refused, reason), id: id))]
    }
}
