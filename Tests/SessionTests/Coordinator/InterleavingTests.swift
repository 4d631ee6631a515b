import JSON
import JSONRPC
@testable import Session
import Testing

/// Several sessions and threads with concurrent events in any order: each approval ends exactly once.
@Suite struct InterleavingTests {
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func everyQuestionEndsOnceAndAllWhoWereShownItHear(seed: UInt64) {
        var model = CoordinatorModel(seed: seed)
        for _ in 0..<3 { model.open() }
        for _ in 0..<200 { Self.step(&model) }
        for id in model.beingWritten { model.write(id, isFull: false) }

        #expect(model.answers > 2, "the run must answer something")
        for (ticket, count) in model.decided { #expect(count == 1, "hook \(ticket.value) is decided once") }
        for (id, question) in model.questions {
            let mustHear = question.fate == .waiting ? [] : question.shown.map(\.value).sorted()
            let heard = question.heard.map(\.value).sorted()
            #expect(heard == mustHear, "\(id) is \(question.fate): all who were shown it hear of its end once")
            if case .hook(let ticket) = question.origin, question.fate == .resolved || question.fate == .expired {
                #expect(model.decided[ticket] == 1, "\(id) let its hook go")
            }
        }
    }

    /// codex counts its request ids up; a copy of a request may reach the coordinator after the answer.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func everyRequestOfTheAgentIsAnsweredAtMostOnce(seed: UInt64) {
        var model = CoordinatorModel(seed: seed)
        for _ in 0..<3 { model.open() }
        for session in model.sessions { model.subscribe("t1", session) }
        for id in 0..<15 as Range<Int64> {
            for session in model.sessions.shuffled(using: &model.random) {
                model.agentAsks(id, "t1", session)
                if Bool.random(using: &model.random), let waiting = model.coordinator.waiting.last?.id {
                    model.answer(waiting, ["decision": "accept"], session)
                }
                if Bool.random(using: &model.random), let id = model.beingWritten.last {
                    model.write(id, isFull: false)
                }
            }
        }
        for id in model.beingWritten { model.write(id, isFull: false) }
        let answered = model.questions.values.filter { $0.answersForwarded > 0 }
        #expect(!answered.isEmpty)
        #expect(answered.allSatisfy { $0.answersForwarded == 1 })
        #expect(Set(answered.map(\.origin)).count == answered.count, "one answer for each request")
    }

    /// Sessions end and connections break at any time: an accepted answer reaches the agent, at the latest when the
    /// agent asks again.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func everyAnswerIsCarried(seed: UInt64) {
        var model = CoordinatorModel(seed: seed)
        for id in 0..<15 as Range<Int64> {
            while model.sessions.count < 3 {
                model.open()
                if let session = model.sessions.last { model.subscribe("t1", session) }
            }
            for session in model.sessions.shuffled(using: &model.random) where model.sessions.contains(session) {
                model.agentAsks(id, "t1", session)
                if let waiting = model.coordinator.waiting.last?.id, let other = model.pick(model.sessions) {
                    model.answer(waiting, ["decision": "accept"], other)
                }
                switch Int.random(in: 0..<4, using: &model.random) {
                case 0: model.close(session)
                case 1: model.loseConnection(session)
                default: break
                }
                if Bool.random(using: &model.random), let id = model.beingWritten.last {
                    model.write(id, isFull: false)
                }
            }
        }
        for id in model.beingWritten { model.write(id, isFull: false) }
        let owed = model.questions.count { $0.value.fate == .resolved && $0.value.deliverySession == nil }
        #expect(owed > 0, "the run must owe something")
        model.open()
        if let session = model.sessions.last { for id in 0..<15 as Range<Int64> { model.agentAsks(id, "t1", session) } }
        for (id, question) in model.questions where question.fate == .resolved {
            #expect(question.deliverySession != nil, "\(id) was answered, and the agent does not hear of it")
        }
    }

    private static func step(_ model: inout CoordinatorModel) {
        let thread = model.pick(["t1", "t2"]) ?? "t1"
        let count = model.questions.count
        let id = "q\(Int.random(in: max(0, count - 8)...count, using: &model.random))"
        guard let session = model.pick(model.sessions) else { return model.open() }
        switch Int.random(in: 0..<27, using: &model.random) {
        case 0: model.open()
        case 1 where model.sessions.count > 2: model.close(session)
        case 2...4: model.subscribe(thread, session)
        case 5: model.unsubscribe(thread, session)
        case 6...9:
            let command = model.pick(["ls", "df", "rm x"]) ?? "ls"
            model.hookAsks(.command(command, thread: thread, item: "i\(model.tickets.count)"))
        case 10: if let ticket = model.pick(model.tickets.suffix(8)) { model.hookGone(ticket) }
        case 11: model.expire(id)
        case 12: model.agentResolves(Int64(model.tickets.count / 4))
        case 26: model.loseConnection(session)
        case 13: model.agentAsks(Int64(model.tickets.count / 4), thread, session)
        case 14...19:
            if let id = model.pick(model.beingWritten) {
                model.write(id, isFull: Int.random(in: 0..<4, using: &model.random) == 0)
            }
        default:
            let decision = model.pick(["accept", "decline", "cancel", "acceptForSession", "nonsense"]) ?? ""
            model.answer(id, ["decision": .string(decision)], session)
        }
    }
}

extension CoordinatorModel {
    fileprivate mutating func pick<Element>(_ elements: ArraySlice<Element>) -> Element? { pick(Array(elements)) }
}
