import JSON
import JSONRPC
@testable import Session
import TestSupport
import Testing

/// A coordinator under random events, and a model of its expected states.
struct CoordinatorModel {
    enum Fate: String { case waiting, resolved, expired, void }

    struct Question {
        let origin: Approval.Origin
        let threadID: String
        var fate = Fate.waiting
        var shown: Set<SessionID> = []
        /// The sessions that received `serverRequest/resolved`, once per notification.
        var heard: [SessionID] = []
        var answersForwarded = 0
        /// The session whose connection carried the answer, as long as the connection exists.
        var deliverySession: SessionID?
        /// The accepted answer and its sender: the answer is used, or the sender gets a rejection.
        var taken: (answer: ThreadCoordinator.PendingDecision, by: SessionID)?
    }

    var coordinator: ThreadCoordinator
    var random: SeededGenerator
    private(set) var questions: [String: Question] = [:]
    private(set) var decided: [HookTicket: Int] = [:]
    private(set) var sessions: [SessionID] = []
    private(set) var subscriptions: [SessionID: Set<String>] = [:]
    private var sessionCount: UInt64 = 0
    private(set) var tickets: [HookTicket] = []
    private(set) var answers = 0
    private var waiting: Set<String> = []

    init(seed: UInt64) {
        let count = Counter()
        coordinator = ThreadCoordinator(approvalTimeout: 100, policy: Machine.policy(), makeID: { "q\(count.next())" })
        random = SeededGenerator(seed: seed)
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element? { elements.randomElement(using: &random) }

    // MARK: Events

    mutating func open() {
        sessionCount += 1
        let session = SessionID(sessionCount)
        sessions.append(session)
        note(coordinator.opened(session), ends: .void)
    }

    mutating func close(_ session: SessionID) {
        sessions.removeAll { $0 == session }
        subscriptions[session] = nil
        for id in waiting.union(beingWritten) { questions[id]?.shown.remove(session) }
        noteLost(session)
        note(coordinator.closed(session), ends: .void)
    }

    mutating func loseConnection(_ session: SessionID) {
        noteLost(session)
        note(coordinator.connectionLost(of: session), ends: .void)
    }

    private mutating func noteLost(_ session: SessionID) {
        for (id, question) in questions where question.deliverySession == session {
            questions[id]?.deliverySession = nil
        }
    }

    mutating func subscribe(_ thread: String, _ session: SessionID) {
        subscriptions[session, default: []].insert(thread)
        note(coordinator.subscribe(to: thread, by: session, change: .init(), now: 0), ends: .void)
    }

    mutating func unsubscribe(_ thread: String, _ session: SessionID) {
        subscriptions[session]?.remove(thread)
        coordinator.unsubscribe(from: thread, by: session)
    }

    mutating func hookAsks(_ input: HookInput) {
        let ticket = HookTicket(UInt64(tickets.count + 1))
        tickets.append(ticket)
        note(coordinator.settled(coordinator.hookAsked(input, ticket: ticket, now: 0)), ends: .void)
    }

    mutating func hookGone(_ ticket: HookTicket) { note(coordinator.hookGone(ticket, now: 1), ends: .void) }

    mutating func expire(_ id: String) { note(coordinator.expire(id, now: 2), ends: .expired) }

    mutating func agentAsks(_ id: Int64, _ thread: String, _ session: SessionID) {
        let params: JSONValue = ["threadId": .string(thread), "command": "x"]
        let effects = coordinator.agentAsked(
            AgentID(1), .integer(id), over: session, method: "item/commandExecution/requestApproval", params: params,
            now: 0)
        note(effects, ends: .void)
    }

    mutating func agentResolves(_ id: Int64) {
        note(coordinator.agentResolved(AgentID(1), .integer(id), now: 3), ends: .void)
    }

    mutating func answer(_ id: String, _ result: JSONValue, _ session: SessionID) {
        let expected = rejection(of: id, Decision(result: result) == nil, session)
        let before = coordinator.waiting.map(\.id)
        let effects = coordinator.answered(
            .string(id), .result(result), from: session, by: ClientContext(.guest), now: 4)
        let reasons = Self.rejections(of: id, in: effects, for: session)
        if reasons != expected.map({ [$0] }) ?? [] {
            Issue.record("\(id) is answered with \(reasons), not \(expected ?? "")")
        }
        if expected == nil { answers += 1 }
        let after = coordinator.waiting.map(\.id)
        if after != (expected == nil ? before.filter { $0 != id } : before) {
            Issue.record("\(id): \(before) became \(after)")
        }
        if expected != nil, effects.count != 1 { Issue.record("\(id): a refused answer did \(effects.map(\.line))") }
        note(effects, ends: .resolved)
        if let pending = effects.first?.pending { questions[id]?.taken = (pending, session) }
    }

    /// Questions whose answers are being recorded.
    var beingWritten: [String] { questions.filter { $0.value.taken != nil }.keys.sorted() }

    /// The write of a question's answer has completed or failed.
    mutating func write(_ id: String, isFull: Bool) {
        guard let (pending, session) = questions[id]?.taken else { return }
        questions[id]?.taken = nil
        let effects = coordinator.recorded(pending, failure: isFull ? "disk full" : nil, now: 5)
        if coordinator.isWaiting(id) {
            questions[id]?.fate = .waiting
            answers -= 1
            if Self.rejections(of: id, in: effects, for: session) != ["unrecorded"] {
                Issue.record("\(id) waits again, and \(session.value) does not hear of it")
            }
        }
        note(effects, ends: .resolved)
    }

    private static func rejections(of id: String, in effects: [ThreadCoordinator.Effect], for session: SessionID)
        -> [String]
    {
        effects.compactMap {
            guard case .notify(session, "sre/answerRejected", let params) = $0, params["requestId"] == .string(id)
            else { return nil }
            return params["reason"]?.stringValue
        }
    }

    /// The reason why the answer must be rejected; nil if it must be forwarded.
    private func rejection(of id: String, _ isMalformed: Bool, _ session: SessionID) -> String? {
        guard let question = questions[id] else { return "unknown" }
        guard question.shown.contains(session) || subscriptions[session]?.contains(question.threadID) == true else {
            return "forbidden"
        }
        if question.fate != .waiting { return question.fate.rawValue }
        return isMalformed ? "malformed" : nil
    }

    // MARK: Bookkeeping

    private mutating func note(_ effects: [ThreadCoordinator.Effect], ends fate: Fate) {
        let approvals = coordinator.waiting
        for approval in approvals where questions[approval.id] == nil {
            questions[approval.id] = Question(origin: approval.origin, threadID: approval.threadID ?? "")
        }
        let stillWaiting = Set(approvals.map(\.id))
        for id in waiting.subtracting(stillWaiting) { questions[id]?.fate = fate }
        waiting = stillWaiting
        for effect in effects { note(effect) }
        for id in beingWritten {
            guard case .void = coordinator.approvals[id]?.state, let session = questions[id]?.taken?.by else {
                continue
            }
            questions[id]?.taken = nil
            questions[id]?.fate = .void
            answers -= 1
            if Self.rejections(of: id, in: effects, for: session) != ["void"] {
                Issue.record("\(id) is void, and \(session.value) does not hear that the answer was in vain")
            }
        }
    }

    private mutating func note(_ effect: ThreadCoordinator.Effect) {
        switch effect {
        case .show(let approval, let session):
            let isNew = questions[approval.id]?.shown.insert(session).inserted ?? false
            if !isNew { Issue.record("\(approval.id) is shown to \(session.value) twice") }
            if !sessions.contains(session) { Issue.record("\(approval.id) is shown to \(session.value), who is gone") }
        case .decide(let ticket, _): decided[ticket, default: 0] += 1
        case .respond(let session, _, let requestID, _):
            if !sessions.contains(session) {
                Issue.record("\(requestID) is answered over \(session.value), who is gone")
            }
            for (id, question) in questions
            where question.origin == .agent(AgentID(1), requestID) && question.fate != .void {
                if question.deliverySession != nil { Issue.record("\(requestID) is answered although it has been") }
                questions[id]?.answersForwarded += 1
                questions[id]?.deliverySession = session
            }
        case .notify(let session, "serverRequest/resolved", let params):
            guard let id = params["requestId"]?.stringValue else { return }
            questions[id]?.heard.append(session)
        case .notify, .interrupt, .announce, .expire, .record, .keep, .allowStart, .revokeStart, .revokeStarts,
            .limitStarts, .revokePatch:
            break
        }
    }
}
