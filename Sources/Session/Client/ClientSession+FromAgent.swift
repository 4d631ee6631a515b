import AuditRecord
import JSON
import JSONRPC
import Policy

extension ClientSession {
    /// Handles a message from the agent. Forwards it unchanged unless the server has to look into it.
    public mutating func receiveFromAgent(_ bytes: UnsafeRawBufferPointer) -> Outcome {
        guard Self.isUTF8(bytes), let envelope = try? Envelope(scanning: bytes) else {
            return .act([.sendToClient(Self.unreadable)])
        }
        if let name = envelope.plainNotification(in: bytes), !Self.isWatched(name) { return .forward }
        if let id = envelope.plainResponse(in: bytes), endPlainRequest(id) { return .forward }
        guard let message = try? Message(envelope, in: bytes) else {
            return .act([.sendToClient(Self.unreadable)])
        }
        switch message.kind {
        case .notification: return wanted(notification(message, bytes), message.method)
        case .request(let id):
            let params = message.params.flatMap { Self.value($0, bytes) } ?? .null
            return .act([.agentAsked(id, method: message.method, params: params)])
        case .response(.string(let id)) where id.hasPrefix(ownPrefix):
            return .act(answerToOwnCall(id, message, bytes))
        case .response(let id):
            guard let call = pending.removeValue(forKey: id) else { return .forward }
            return response(to: call, id, message, bytes)
        }
    }

    /// Sent when the agent writes something that is not a message, so that the person knows that something is missing.
    private static let unreadable = MessageEncoder.notification(
        "sre/agentFault", params: ["message": "The agent wrote something that is not a JSON-RPC message."])

    /// A browser closes the connection on text that is not UTF-8 (RFC 6455 section 8.1), and would get the same text
    /// again after it reconnects.
    private static func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
        (try? UTF8Span(validating: bytes.bindMemory(to: UInt8.self).span)) != nil
    }

    /// The notifications that ``notification(_:_:)`` handles.
    private static let watched: [StaticString] = [
        "item/started", "item/completed", "turn/started", "turn/completed", "serverRequest/resolved",
        "configWarning", "thread/started",
    ]

    static let watchedMethods = Set(watched.map(\.description))

    private static func isWatched(_ name: UnsafeRawBufferPointer) -> Bool {
        for watched in watched where name.isEqual(to: watched) { return true }
        return false
    }

    static func value(_ range: Range<Int>, _ bytes: UnsafeRawBufferPointer) -> JSONValue? {
        try? JSONValue(parsing: UnsafeRawBufferPointer(rebasing: bytes[range]))
    }

    /// Does not forward what the client has opted out of.
    private func wanted(_ outcome: Outcome, _ method: String) -> Outcome {
        guard optedOut.contains(method) else { return outcome }
        guard case .act(let actions) = outcome else { return .act([]) }
        return .act(actions.filter { if case .forward = $0 { false } else { true } })
    }

    private mutating func notification(_ message: Message, _ bytes: UnsafeRawBufferPointer) -> Outcome {
        switch message.method {
        case "item/started":
            guard let range = message.params, let kind = Self.itemKind(range, bytes) else { return .forward }
            if kind == "userMessage" { return userMessage(range, bytes) }
            guard StartedItem.isChecked(kind), let item = Self.value(range, bytes).flatMap(StartedItem.init)
            else { return .forward }
            let isAnnounced = announcedPatches.remove([item.threadID, item.itemID]) != nil
            return .act([.itemStarted(item)] + (isAnnounced ? [] : [.forward]))
        case "item/completed":
            guard let range = message.params, let kind = Self.itemKind(range, bytes) else { return .forward }
            if kind == "userMessage" { return userMessage(range, bytes) }
            if kind == StartedItem.ofAgents, let item = Self.value(range, bytes)?["item"] {
                return .act([.forward] + Self.spawned(item))
            }
            guard StartedItem.executing.contains(kind),
                let item = Self.value(range, bytes).flatMap(CompletedItem.init)
            else { return .forward }
            return .act([.forward, .itemCompleted(item)])
        case "turn/started":
            if let (turnID, threadID) = Self.turn(message, bytes) { runningTurns[turnID] = threadID }
            return .forward
        case "turn/completed":
            guard let (turnID, threadID) = Self.turn(message, bytes) else { return .forward }
            runningTurns[turnID] = nil
            let status = message.params.flatMap {
                Self.string(at: JSONScanner.find("turn", "status", in: bytes, at: $0), bytes)
            }
            return .act([.forward, .turnCompleted(turnID: turnID, threadID: threadID, status: status)])
        case "serverRequest/resolved":
            guard let range = message.params,
                let found = JSONScanner.find("requestId", in: bytes, at: range),
                let id = Self.value(found, bytes).flatMap(RequestID.init)
            else { return .forward }
            return .act([.agentResolved(id)])
        case "thread/started":
            // A thread that codex starts by itself, for a sub-agent or a review.
            guard let thread = message.params.flatMap({ Self.value($0, bytes) })?["thread"],
                let threadID = thread["id"]?.stringValue, let parent = thread["parentThreadId"]?.stringValue
            else { return .forward }
            let source = thread["forkedFromId"]?.stringValue
            return .act([.forward, .inherit(threadID: threadID, forkedFrom: source, parent: parent)])
        case "configWarning":
            guard let params = message.params.flatMap({ Self.value($0, bytes) }) else { return .forward }
            return .act(configurationWarning(params))
        default:
            return .forward
        }
    }

    private static func itemKind(_ params: Range<Int>, _ bytes: UnsafeRawBufferPointer) -> String? {
        string(at: JSONScanner.find("item", "type", in: bytes, at: params), bytes)
    }

    /// Every client learns who sent a message: `sre.author` is spliced in; the rest stays as the agent wrote it.
    private func userMessage(_ params: Range<Int>, _ bytes: UnsafeRawBufferPointer) -> Outcome {
        guard let value = Self.value(params, bytes), value["sre"] == nil, let item = value["item"],
            let message = UserMessage(item: item), let itemID = item["id"]?.stringValue,
            let threadID = value["threadId"]?.stringValue, let author = author(threadID, itemID, message)
        else { return .forward }
        return .act([.sendToClient(Self.with("sre", ["author": author.json], in: params, bytes))])
    }

    /// The threads of the sub-agents that a call has started. codex sends no other notification about whose they are.
    private static func spawned(_ item: JSONValue) -> [Action] {
        guard item["tool"] == "spawnAgent", let parent = item["senderThreadId"]?.stringValue else { return [] }
        return (item["receiverThreadIds"]?.arrayValue ?? []).compactMap(\.stringValue).map {
            .inherit(threadID: $0, forkedFrom: nil, parent: parent)
        }
    }

    /// codex falls back to its defaults when it cannot read its configuration: without the user's model provider it
    /// asks every client to sign in. What codex quotes from a file is not forwarded.
    private func configurationWarning(_ params: JSONValue) -> [Action] {
        let (summary, details) = (params["summary"]?.stringValue ?? "", params["details"]?.stringValue)
        if ConfigurationFault.isOfDefaults(summary: summary) {
            return [.agentMisconfigured(ConfigurationFault(details ?? summary))]
        }
        var params = params
        params["summary"] = .string(FileQuotes.withoutLines(summary))
        if let details { params["details"] = .string(ConfigurationFault(details).description) }
        return [.sendToClient(MessageEncoder.notification("configWarning", params: params))]
    }

    private static func turn(_ message: Message, _ bytes: UnsafeRawBufferPointer) -> (id: String, threadID: String)? {
        guard let range = message.params,
            let turnID = string(at: JSONScanner.find("turn", "id", in: bytes, at: range), bytes),
            let threadID = string(at: JSONScanner.find("threadId", in: bytes, at: range), bytes)
        else { return nil }
        return (turnID, threadID)
    }

    private mutating func response(
        to call: Pending, _ id: RequestID, _ message: Message, _ bytes: UnsafeRawBufferPointer
    ) -> Outcome {
        switch call {
        case .plain: return .forward
        case .interrupt(let threadID): return .act([.forward, .stopCommands(threadID: threadID)])
        case .message:
            guard message.result == nil, let untaken = call.untaken else { return .forward }
            return .act([untaken, .forward])
        case .turn(let threadID, let change, let input):
            guard let result = message.result else { return call.untaken.map { .act([$0, .forward]) } ?? .forward }
            var actions: [Action] = []
            // The turn runs from here on: its `turn/started` may never come.
            if let turnID = Self.string(at: JSONScanner.find("turn", "id", in: bytes, at: result), bytes) {
                runningTurns[turnID] = threadID
                actions.append(.turnBegan(turnID: turnID, threadID: threadID, input))
            }
            if !change.isNothing { actions.append(.changeMode(threadID: threadID, change)) }
            return actions.isEmpty ? .forward : .act(actions + [.forward])
        case .opening(var call):
            guard let result = message.result else { return failedToOpen(id, message, bytes) }
            guard let threadID = Self.string(at: JSONScanner.find("thread", "id", in: bytes, at: result), bytes) else {
                return .forward
            }
            let sandbox = Self.string(at: JSONScanner.find("sandbox", "type", in: bytes, at: result), bytes)
            let opened = Self.value(result, bytes)
            call.accept(opened, of: knownMode(threadID))
            if let reason = whyClosed(call, sandbox, opened) {
                return .act([
                    .sendToClient(MessageEncoder.error(ErrorReply(.refused, reason), id: id)),
                    .closeThread(threadID: threadID, reason: reason),
                ])
            }
            let answer: Action =
                call.method == .start ? .sendToClient(Self.withThreadID(threadID, result, bytes)) : .forward
            subscriptions.insert(threadID)
            note(
                .threadOpened, threadID: threadID,
                details: [
                    "method": .string(call.method.rawValue), "cwd": call.cwd.map { .string($0) } ?? .null,
                    "approvalPolicy": call.change.policy.map { .string($0.questions.rawValue) } ?? .null,
                    "sandbox": call.change.sandbox.map { .string($0.rawValue) } ?? .null,
                ])
            let change = call.change(by: opened, policy: policy)
            return .act([answer] + words(call, threadID, opened) + [.subscribe(threadID: threadID, change)])
        }
    }

    /// Determines, from the agent's answer, whose input a thread holds that codex has opened.
    func words(_ call: ThreadCall, _ threadID: String, _ result: JSONValue?) -> [Action] {
        let thread = result?["thread"]
        let source = thread?["forkedFromId"]?.stringValue ?? (call.method == .fork ? call.threadID : nil)
        let inherit = Action.inherit(
            threadID: threadID, forkedFrom: source, parent: thread?["parentThreadId"]?.stringValue)
        return [inherit] + (call.conveysWords ? [.inputReceived(threadID: threadID, nil, call: nil)] : [])
    }

    /// Why a thread that the agent has opened stays closed here; nil if it may be used.
    func whyClosed(_ call: ThreadCall, _ sandbox: String?, _ result: JSONValue?) -> String? {
        guard sandbox != "dangerFullAccess" || mayHaveFullAccess(call) else {
            return "The agent opened this thread without a sandbox, so it stays closed here."
        }
        return call.difference(in: result).map {
            "The agent opened this thread with \($0), so it stays closed here. codex's managed configuration "
                + "(managed_config.toml or requirements.toml in /etc/codex) demands it: take it out there."
        }
    }

    /// Watching a thread that another client opened without a sandbox is not a request for full access.
    private func mayHaveFullAccess(_ call: ThreadCall) -> Bool {
        policy.floor(of: principal).sandbox == .dangerFullAccess
            || call.threadID.flatMap { knownMode($0) }?.sandbox == .dangerFullAccess
    }

    static func string(at range: Range<Int>?, _ bytes: UnsafeRawBufferPointer) -> String? {
        range.flatMap { value($0, bytes) }?.stringValue
    }

    /// The mission's clients read `threadId` next to codex's `thread.id`. The member is spliced in; the rest stays as
    /// the agent wrote it.
    private static func withThreadID(_ threadID: String, _ result: Range<Int>, _ bytes: UnsafeRawBufferPointer)
        -> [UInt8]
    {
        guard JSONScanner.find("threadId", in: bytes, at: result) == nil else { return Array(bytes) }
        return with("threadId", .string(threadID), in: result, bytes)
    }

    /// The message with one more member in the object at `range`, which has members already.
    private static func with(_ name: String, _ value: JSONValue, in range: Range<Int>, _ bytes: UnsafeRawBufferPointer)
        -> [UInt8]
    {
        var spliced = Array(bytes[..<(range.lowerBound + 1)])
        JSONValue.string(name).write(to: &spliced)
        spliced.append(UInt8(ascii: ":"))
        value.write(to: &spliced)
        spliced.append(UInt8(ascii: ","))
        spliced += bytes[(range.lowerBound + 1)...]
        return spliced
    }

    private func failedToOpen(_ id: RequestID, _ message: Message, _ bytes: UnsafeRawBufferPointer) -> Outcome {
        guard agent?.isShared == false, let range = message.error, var error = Self.value(range, bytes),
            let text = error["message"]?.stringValue, text.contains("active writer")
        else { return .forward }
        error["message"] = .string(
            "\(text). Start the server with --agent-mode shared to open a thread on several devices.")
        return .act([.sendToClient(JSONValue.object(["id": id.json, "error": error]).serialized())])
    }
}
