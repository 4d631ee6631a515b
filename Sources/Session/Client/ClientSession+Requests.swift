import AuditRecord
import JSON
import JSONRPC
import Policy

/// A request whose params the session has read.
struct ClientCall {
    let id: RequestID
    let method: String
    let params: JSONValue

    /// The thread that the request names.
    var threadID: String? { params["threadId"]?.stringValue }
}

/// What a client's request does. Most are forwarded unchanged.
extension ClientSession {
    mutating func request(
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
        guard isRecorded(message.method) || MethodRules.readsParams(of: message.method) else {
            pending[id] = .plain
            return .forward
        }
        let call = ClientCall(id: id, method: message.method, params: try params(of: message, bytes))
        try checkMembers(call)
        if let method = ThreadCall.Method(rawValue: call.method) { return try openThread(method, call, agent) }
        if isRefusingTurns, Self.beginning.contains(call.method) {
            throw ErrorReply(.agentUnavailable, "The server is stopping: no new turns are started.")
        }
        return TurnCall.methods.contains(call.method) ? try changeTurn(call) : try act(call)
    }

    private mutating func openThread(_ method: ThreadCall.Method, _ call: ClientCall, _ agent: AgentInfo)
        throws(ErrorReply) -> Outcome
    {
        if let refusal = agent.threadsRefused { throw ErrorReply(.refused, refusal) }
        let thread = try ThreadCall(
            method, params: call.params, principal: principal, policy: policy, known: knownMode, kept: keptThread)
        return .act(sayReviewer(call.params) + received(thread, call.id) + [open(thread, for: call.id)])
    }

    private mutating func changeTurn(_ call: ClientCall) throws(ErrorReply) -> Outcome {
        let turn = try TurnCall(
            call.method, params: call.params, principal: principal, policy: policy, known: knownMode)
        try checkIsOpened(call.params)
        if call.method != "turn/start" {
            note(
                .methodCalled, threadID: turn.threadID,
                details: ["method": .string(call.method), "params": .object(turn.params)])
        }
        let notice =
            sayReviewer(call.params)
            + (turn.conveysWords
                ? [.inputReceived(threadID: turn.threadID, turn.input.message, call: call.id)] : [])
        switch self.turn(turn, call.method, for: call.id) {
        case .forward: return notice.isEmpty ? .forward : .act(notice + [.forward])
        case .act(let actions): return .act(notice + actions)
        }
    }

    private mutating func act(_ call: ClientCall) throws(ErrorReply) -> Outcome {
        // An approval would be on disk first.
        if MethodPermissions.actsUnasked(call.method), let failure = recordFailure() {
            throw ErrorReply(
                .refused, "The audit log cannot be written, so \(call.method) is not passed on: \(failure)")
        }
        if isRecorded(call.method) { try noteCall(call) }
        let works = Self.working.contains(call.method)
        let grant = try AdminStart.grant(
            for: call.method, call.params, policy: policy, place: { knownMode($0)?.place })
        let introduction =
            call.method == "initialize" ? try Introduction(call.params, role: principal.role) : nil
        // Nothing below throws: the request now waits for its answer.
        pending[call.id] = .plain
        if let grant {
            guard works, let threadID = call.threadID else { return .act([.allowStart(grant), .forward]) }
            return .act([.inputReceived(threadID: threadID, nil, call: call.id), .allowStart(grant), .forward])
        }
        if works, let threadID = call.threadID {
            let message = call.params.objectValue.flatMap(UserMessage.init(params:))
            if let message { pending[call.id] = .message(threadID: threadID, message) }
            return .act([.inputReceived(threadID: threadID, message, call: call.id), .forward])
        }
        switch call.method {
        case "thread/unsubscribe": return unsubscribe(call)
        case "turn/interrupt":
            if let threadID = call.threadID { pending[call.id] = .interrupt(threadID: threadID) }
            return .forward
        default: return introduction.map { initialize(call, $0) } ?? .forward
        }
    }

    private mutating func unsubscribe(_ call: ClientCall) -> Outcome {
        guard let threadID = call.threadID else { return .forward }
        subscriptions.remove(threadID)
        // This session no longer hears how these turns end.
        runningTurns = runningTurns.filter { $0.value != threadID }
        return .act([.unsubscribe(threadID: threadID), .forward])
    }

    private mutating func initialize(_ call: ClientCall, _ introduction: Introduction) -> Outcome {
        (initializeParams, optedOut) = (introduction.params, introduction.optedOut)
        guard introduction.params["capabilities"] != nil else { return .forward }
        return .act([.sendToAgent(MessageEncoder.request("initialize", id: call.id, params: introduction.params))])
    }

    /// Checks and records a call that acts on something.
    private mutating func noteCall(_ call: ClientCall) throws(ErrorReply) {
        if let threadID = call.threadID, Self.working.contains(call.method) {
            try checkIsOpened(call.params)
            try policy.checkThread(knownMode(threadID), for: principal)
        }
        let turnID = (call.params["expectedTurnId"] ?? call.params["turnId"])?.stringValue
        note(
            .methodCalled, threadID: call.threadID, turnID: turnID,
            details: ["method": .string(call.method), "params": call.params])
    }

    /// A resumed thread gets input before the agent has answered. If the author of a new thread's input cannot be stored,
    /// the thread's authors are unknown after a restart.
    private func received(_ call: ThreadCall, _ id: RequestID) -> [Action] {
        guard call.method == .resume, call.conveysWords, let threadID = call.threadID else { return [] }
        return [.inputReceived(threadID: threadID, nil, call: id)]
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
}
