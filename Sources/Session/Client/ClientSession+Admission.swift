import JSON
import JSONRPC
import Policy

/// The checks of every request, whatever it asks for.
extension ClientSession {
    /// Requests are refused under load; answers to questions and notifications never are.
    func checkLoad(_ wait: Milliseconds) throws(ErrorReply) {
        guard wait == 0 else {
            throw Self.overloaded(
                "One client may send \(limits.framesPerSecond) messages and \(limits.bytesPerSecond) bytes a second.",
                retryAfter: wait)
        }
        guard pending.count + ownCalls.count < limits.requestsInFlight else {
            throw Self.overloaded(
                "\(limits.requestsInFlight) requests of this client wait for an answer.", retryAfter: 1_000)
        }
    }

    private static func overloaded(_ reason: String, retryAfter: Milliseconds) -> ErrorReply {
        ErrorReply(
            .overloaded, "\(reason) Try again in \(retryAfter) ms.",
            data: ["retryAfterMs": .number(JSONNumber(retryAfter))])
    }

    mutating func checkRecordedRate(_ method: String, now: Milliseconds) throws(ErrorReply) {
        guard isRecorded(method) || ThreadCall.Method(rawValue: method) != nil,
            let wait = method == "turn/interrupt" ? interruptRate.take(1, at: now) : recordedRate.take(1, at: now)
        else { return }
        throw Self.overloaded(
            "One client may send \(limits.recordedRequestsPerSecond) requests a second that are recorded in the audit log.",
            retryAfter: wait)
    }

    func isRecorded(_ method: String) -> Bool {
        !MethodPermissions.onlyReads(method) || policy.methods.roleNeeded(for: method) > .viewer
    }

    /// codex also accepts a thread's id in capital letters, in braces, without hyphens and as a URN. The server would not
    /// find the thread under these, nor its sandbox, its directory and its authors. Methods that only read are not checked.
    static func checkThreadID(_ message: Message, _ bytes: UnsafeRawBufferPointer) throws(ErrorReply) {
        guard let threadID = threadID(message, bytes), let own = AgentTool.threadID(threadID),
            !own.isIdentical(to: threadID)
        else { return }
        throw ErrorReply(.invalidParams, "\(message.method): write the threadId as codex does, \(own).")
    }

    /// The request's params, by name. codex also accepts a list in member order, where a lookup by name would find
    /// nothing. Calls to methods that only admins may call pass unchanged.
    func params(of message: Message, _ bytes: UnsafeRawBufferPointer) throws(ErrorReply) -> JSONValue {
        guard let range = message.params else { return .object(JSONObject()) }
        let params: JSONValue
        do {
            params = try JSONValue(parsing: UnsafeRawBufferPointer(rebasing: bytes[range]))
        } catch {
            throw ErrorReply(.invalidParams, "params cannot be read: \(error).")
        }
        guard params.objectValue != nil || params.isNull || policy.methods.roleNeeded(for: message.method) == .admin
        else {
            throw ErrorReply(.invalidParams, "\(message.method): params is not an object.")
        }
        return params
    }

    /// The paths and search texts that the params name.
    func checkMembers(_ call: ClientCall) throws(ErrorReply) {
        try PathMembers.checkLists(call.method, params: call.params)
        try PathMembers.check(call.method, params: call.params, principal: principal, policy: policy)
        try MethodRules.checkSearch(
            call.method, params: call.params, principal: principal, permissions: policy.methods)
    }

    /// A thread that no client has opened here, such as a sub-agent's, has no known mode, so the server cannot tell
    /// what it may do unasked.
    func checkIsOpened(_ params: JSONValue) throws(ErrorReply) {
        guard let threadID = params["threadId"]?.stringValue, knownMode(threadID) == nil else { return }
        throw ErrorReply(
            .refused,
            "The thread \(threadID) has not been opened since the server started. Open it with thread/resume first.")
    }
}
