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

    /// Requests are refused under load; answers to questions and notifications never are.
    private func checkLoad(_ wait: Milliseconds) throws(ErrorReply) {
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

    private mutating func checkRecordedRate(_ method: String, now: Milliseconds) throws(ErrorReply) {
        guard isRecorded(method) || ThreadCall.Method(rawValue: method) != nil,
            let wait = method == "turn/interrupt" ? interruptRate.take(1, at: now) : recordedRate.take(1, at: now)
        else { return }
        throw Self.overloaded(
            "One client may send \(limits.recordedRequestsPerSecond) requests a second that are recorded in the audit log.",
            retryAfter: wait)
    }

    private func isRecorded(_ method: String) -> Bool {
        !MethodPermissions.onlyReads(method) || policy.methods.roleNeeded(for: method) > .viewer
    }

    private static func answer(_ message: Message, _ bytes: UnsafeRawBufferPointer) -> Answer {
        func value(_ range: Range<Int>) -> JSONValue {
            (try? JSONValue(parsing: UnsafeRawBufferPointer(rebasing: bytes[range]))) ?? .null
        }
        if let error = message.error { return .error(value(error)) }
        return .result(message.result.map(value) ?? .null)
    }

    private mutating func request(
        _ id: RequestID, _ message: Message, _ bytes: UnsafeRawBufferPointer, now: Milliseconds
    ) throws(ErrorReply) -> Outcome {
        try MethodRules.check(message.method, principal: principal, permissions: policy.methods)
        try Self.checkThreadID(message, bytes)
        try checkRecordedRate(message.method, now: now)
        guard let agent else {
            throw ErrorReply(
                .agentUnavailable,
                "The agent is not running at the moment. \(outage ?? "Try again in a few seconds.")")
        }
        guard pending[id] == nil, !ownCalls.values.contains(where: { $0.client == id }) else {
            throw ErrorReply(.invalidRequest, "A request with the id \(id) is still waiting for its answer.")
        }
        let checkedParams: JSONValue? =
            PathMembers.areChecked(of: message.method) || PathMembers.lists[message.method] != nil
            ? try namedParams(message, bytes) : .none
        if let checkedParams {
            try PathMembers.checkLists(message.method, params: checkedParams)
            try PathMembers.check(message.method, params: checkedParams, principal: principal, policy: policy)
            try MethodRules.checkSearch(
                message.method, params: checkedParams, principal: principal, permissions: policy.methods)
        }
        if let method = ThreadCall.Method(rawValue: message.method) {
            if let refusal = agent.threadsRefused { throw ErrorReply(.refused, refusal) }
            let params = try Self.params(message, bytes)
            let call = try ThreadCall(
                method, params: params, principal: principal, policy: policy, known: knownMode, kept: keptThread)
            return .act(sayReviewer(params) + received(call, id) + [open(call, for: id)])
        }
        if isRefusingTurns, Self.beginning.contains(message.method) {
            throw ErrorReply(.agentUnavailable, "The server is stopping: no new turns are started.")
        }
        if TurnCall.methods.contains(message.method) {
            let params = if let checkedParams { checkedParams } else { try Self.params(message, bytes) }
            let call = try TurnCall(
                message.method, params: params, principal: principal, policy: policy, known: knownMode)
            try checkIsOpened(params)
            if message.method != "turn/start" {
                note(
                    .methodCalled, threadID: call.threadID,
                    details: ["method": .string(message.method), "params": .object(call.params)])
            }
            let notice =
                sayReviewer(params)
                + (call.conveysWords
                    ? [.inputReceived(threadID: call.threadID, call.input.message, call: id)] : [])
            switch turn(call, message.method, for: id) {
            case .forward: return notice.isEmpty ? .forward : .act(notice + [.forward])
            case .act(let actions): return .act(notice + actions)
            }
        }
        // An approval would be on disk first.
        if MethodPermissions.actsUnasked(message.method), let failure = recordFailure() {
            throw ErrorReply(
                .refused, "The audit log cannot be written, so \(message.method) is not passed on: \(failure)")
        }
        if isRecorded(message.method) {
            let params = if let checkedParams { checkedParams } else { try namedParams(message, bytes) }
            try acts(message, params)
        }
        if message.method == "thread/unsubscribe",
            let threadID = try namedThread(message, bytes)
        {
            pending[id] = .plain
            subscriptions.remove(threadID)
            // This session no longer hears how these turns end.
            runningTurns = runningTurns.filter { $0.value != threadID }
            return .act([.unsubscribe(threadID: threadID), .forward])
        }
        if message.method == "turn/interrupt",
            let threadID = try namedThread(message, bytes)
        {
            pending[id] = .interrupt(threadID: threadID)
            return .forward
        }
        if let grant = try AdminStart.grant(
            for: message.method, try Self.params(message, bytes), policy: policy, place: { knownMode($0)?.place })
        {
            pending[id] = .plain
            guard Self.working.contains(message.method), let threadID = try namedThread(message, bytes) else {
                return .act([.allowStart(grant), .forward])
            }
            return .act([.inputReceived(threadID: threadID, nil, call: id), .allowStart(grant), .forward])
        }
        if Self.working.contains(message.method),
            let threadID = try namedThread(message, bytes)
        {
            let message = try namedParams(message, bytes).objectValue.flatMap(UserMessage.init(params:))
            pending[id] = message.map { .message(threadID: threadID, $0) } ?? .plain
            return .act([.inputReceived(threadID: threadID, message, call: id), .forward])
        }
        if message.method == "initialize" {
            let introduction = try Introduction(try namedParams(message, bytes), role: principal.role)
            (initializeParams, optedOut) = (introduction.params, introduction.optedOut)
            pending[id] = .plain
            guard introduction.params["capabilities"] != nil else { return .forward }
            return .act([.sendToAgent(MessageEncoder.request("initialize", id: id, params: introduction.params))])
        }
        pending[id] = .plain
        return .forward
    }

    /// A resumed thread gets input before the agent has answered. If the author of a new thread's input cannot be stored,
    /// the thread's authors are unknown after a restart.
    private func received(_ call: ThreadCall, _ id: RequestID) -> [Action] {
        guard call.method == .resume, call.conveysWords, let threadID = call.threadID else { return [] }
        return [.inputReceived(threadID: threadID, nil, call: id)]
    }

    /// The author of the request's input cannot be stored, so the agent does not get the request.
    public mutating func inputNotKept(of id: RequestID, reason: String) -> [Action] {
        pending[id] = nil
        ownCalls = ownCalls.filter { $0.value.client != id }
        return [.sendToClient(MessageEncoder.error(ErrorReply(.refused, reason), id: id))]
    }

    /// Tells the client once that it asked for another reviewer than it gets.
    private mutating func sayReviewer(_ params: JSONValue) -> [Action] {
        guard let reviewer = SharedParams.otherReviewer(params), !hasSaidReviewer else { return [] }
        hasSaidReviewer = true
        let message =
            "This client asked for approvalsReviewer \(reviewer). Here a person answers: approvalsReviewer is user."
        return [
            .sendToClient(
                MessageEncoder.notification("warning", params: ["threadId": nil, "message": .string(message)]))
        ]
    }

    /// Checks and records a call that acts on something.
    private mutating func acts(_ message: Message, _ params: JSONValue) throws(ErrorReply) {
        let threadID = params["threadId"]?.stringValue
        if let threadID, Self.working.contains(message.method) {
            try checkIsOpened(params)
            try policy.checkThread(knownMode(threadID), for: principal)
        }
        let turnID = (params["expectedTurnId"] ?? params["turnId"])?.stringValue
        note(
            .methodCalled, threadID: threadID, turnID: turnID,
            details: ["method": .string(message.method), "params": params])
    }

    /// A thread that no client has opened here, such as a sub-agent's, has no known mode, so the server cannot tell
    /// what it may do unasked.
    private func checkIsOpened(_ params: JSONValue) throws(ErrorReply) {
        guard let threadID = params["threadId"]?.stringValue, knownMode(threadID) == nil else { return }
        throw ErrorReply(
            .refused,
            "The thread \(threadID) has not been opened since the server started. Open it with thread/resume first.")
    }

    /// Methods that begin a turn.
    private static let beginning: Set<String> = [
        "turn/start", "review/start", "thread/compact/start", "thread/queue/start", "thread/realtime/start",
    ]

    /// Methods that give a thread input to act on, as `turn/start` does.
    private static let working: Set<String> = [
        "review/start", "thread/compact/start", "thread/goal/set", "thread/inject_items", "thread/prediction/request",
        "thread/queue/add", "thread/queue/start", "thread/queue/update", "thread/realtime/appendAudio",
        "thread/realtime/appendSpeech", "thread/realtime/appendText", "thread/realtime/start", "turn/steer",
        // The model reads the command and its output.
        "thread/shellCommand",
    ]

    private static func threadID(_ message: Message, _ bytes: UnsafeRawBufferPointer) -> String? {
        guard let range = message.params else { return nil }
        return string(at: JSONScanner.find("threadId", in: bytes, at: range), bytes)
    }

    /// codex also accepts a thread's id in capital letters, in braces, without hyphens and as a URN. The server would not
    /// find the thread under these, nor its sandbox, its directory and its authors. Methods that only read are not checked.
    private static func checkThreadID(_ message: Message, _ bytes: UnsafeRawBufferPointer) throws(ErrorReply) {
        guard let threadID = threadID(message, bytes), let own = AgentTool.threadID(threadID),
            !own.isIdentical(to: threadID)
        else { return }
        throw ErrorReply(.invalidParams, "\(message.method): write the threadId as codex does, \(own).")
    }

    private static func params(_ message: Message, _ bytes: UnsafeRawBufferPointer) throws(ErrorReply) -> JSONValue {
        guard let range = message.params else { return .object(JSONObject()) }
        do {
            return try JSONValue(parsing: UnsafeRawBufferPointer(rebasing: bytes[range]))
        } catch {
            throw ErrorReply(.invalidParams, "params cannot be read: \(error).")
        }
    }

    /// The thread that the request names.
    private func namedThread(_ message: Message, _ bytes: UnsafeRawBufferPointer) throws(ErrorReply) -> String? {
        try namedParams(message, bytes)["threadId"]?.stringValue
    }

    /// codex also accepts params as a list in member order, where a lookup by name would find nothing. Calls to methods
    /// that only admins may call pass unchanged.
    private func namedParams(_ message: Message, _ bytes: UnsafeRawBufferPointer) throws(ErrorReply) -> JSONValue {
        let params = try Self.params(message, bytes)
        guard params.objectValue != nil || params.isNull || policy.methods.roleNeeded(for: message.method) == .admin
        else {
            throw ErrorReply(.invalidParams, "\(message.method): params is not an object.")
        }
        return params
    }

    /// Finds out the thread's directory, proves the gate there, then opens the thread.
    mutating func open(_ call: ThreadCall, for client: RequestID?) -> Action {
        guard let cwd = call.cwd else {
            return ownCall(
                "thread/read", params: ["threadId": call.threadID.map { .string($0) } ?? .null],
                .readThread(call, client: client))
        }
        return proveGate(in: cwd, .thread(call), for: client)
    }

    private mutating func turn(_ call: TurnCall, _ method: String, for client: RequestID) -> Outcome {
        if let cwd = call.cwd { return .act([proveGate(in: cwd, .turn(call, method: method), for: client)]) }
        if !call.isRewritten, call.change.isNothing {
            pending[client] = .turn(threadID: call.threadID, call.change, call.input)
            return .forward
        }
        return .act(send(call, method, for: client))
    }

    /// A stricter mode applies before the agent hears of it, a laxer one only once the agent has accepted it.
    mutating func send(_ call: TurnCall, _ method: String, for client: RequestID) -> [Action] {
        let message = Action.sendToAgent(MessageEncoder.request(method, id: client, params: .object(call.params)))
        pending[client] = .turn(threadID: call.threadID, call.change, call.input)
        guard call.change.policy?.isUnattended == false else { return [message] }
        return [.changeMode(threadID: call.threadID, ThreadMode.Change(policy: call.change.policy)), message]
    }

    private mutating func proveGate(in cwd: String, _ pendingCall: PendingCall, for client: RequestID?) -> Action {
        ownCall("hooks/list", params: ["cwds": [.string(cwd)]], .proveGate(pendingCall, client: client))
    }
}
