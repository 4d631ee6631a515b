import AuditRecord
import JSON
import JSONRPC
@testable import Session
import Synchronization

/// A coordinator whose effects are rendered as lines for comparison.
struct Fixture {
    static let (ann, bob, cho) = (SessionID(1), SessionID(2), SessionID(3))

    var coordinator: ThreadCoordinator
    var now: Milliseconds = 1_000

    init(timeout: Milliseconds? = nil) {
        let count = Counter()
        coordinator = ThreadCoordinator(
            approvalTimeout: timeout, policy: Machine.policy(), makeID: { "q\(count.next())" })
    }

    /// The sessions are open and have subscribed to thread `t`.
    init(subscribers sessions: SessionID..., timeout: Milliseconds? = nil) {
        self.init(timeout: timeout)
        for session in sessions {
            _ = coordinator.opened(session)
            _ = coordinator.subscribe(to: "t", by: session, change: ThreadMode.Change(), now: 0)
        }
    }

    /// Tests reuse ids in their inputs, so earlier calls count as ended.
    mutating func ask(_ input: HookInput, ticket: UInt64 = 1) -> [String] {
        coordinator.ended(input)
        return lines(coordinator.settled(coordinator.hookAsked(input, ticket: HookTicket(ticket), now: now)))
    }

    mutating func answer(_ id: JSONValue, _ result: JSONValue, by session: SessionID, as principal: Principal = .guest)
        -> [String]
    {
        lines(
            coordinator.settled(
                coordinator.answered(id, .result(result), from: session, by: ClientContext(principal), now: now)))
    }

    mutating func agentAsks(
        _ id: Int64, over session: SessionID, _ method: String = "item/commandExecution/requestApproval",
        agent: UInt64 = 1, _ params: JSONValue = ["threadId": "t", "itemId": "i", "command": "rm x"]
    ) -> [String] {
        lines(
            coordinator.agentAsked(
                AgentID(agent), .integer(id), over: session, method: method, params: params, now: now))
    }

    /// Subscribers and sessions are sets without an order, so the lines are sorted. Omits announcements, which
    /// accompany every approval (``AnnouncementTests``), and effects for the kernel gate (``StartGrantTests``).
    func lines(_ effects: [ThreadCoordinator.Effect]) -> [String] {
        effects.map(\.line).filter { line in
            !["announce ", "start ", "end ", "limit ", "keep "].contains { line.hasPrefix($0) }
        }.sorted()
    }
}

extension ThreadCoordinator {
    /// Replaces each decision among the effects by the effects that follow once it is on disk.
    mutating func settled(_ effects: [Effect], now: Milliseconds = 5) -> [Effect] {
        var settled: [Effect] = []
        for effect in effects {
            if case .record(_, let pending) = effect {
                settled += recorded(pending, failure: nil, now: now)
            } else {
                settled.append(effect)
            }
        }
        return settled
    }
}

final class Counter: Sendable {
    private let count = Atomic(0)
    func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}

extension ThreadCoordinator.Effect {
    /// The entry to be recorded; nil for another effect.
    var row: AuditEntry? { if case .record(let entry, _) = self { entry } else { nil } }

    /// The decision that waits for the entry.
    var pending: ThreadCoordinator.PendingDecision? { if case .record(_, let pending) = self { pending } else { nil } }

    var line: String {
        switch self {
        case .show(let approval, let session): "show \(approval.id) to \(session.value)"
        case .keep(let thread, let threadID): "keep \(threadID) \(thread.authors.names.joined(separator: ","))"
        case .notify(let session, let method, let params): "tell \(session.value) \(method) \(params)"
        case .decide(let ticket, .allow(let input)): "allow \(ticket.value) \(input)"
        case .decide(let ticket, .deny(let reason)): "deny \(ticket.value): \(reason)"
        case .respond(let session, _, let id, .result(let result)): "result \(id) over \(session.value): \(result)"
        case .respond(let session, _, let id, .error(let error)): "error \(id) over \(session.value): \(error)"
        case .interrupt(let session, let turn): "interrupt \(turn.threadID) \(turn.turnID) over \(session.value)"
        case .record(let entry, _): "record \(entry.kind.rawValue)"
        case .allowStart(let grant): "start \(grant)"
        case .revokeStart(let thread, let call): "end start \(call) in \(thread)"
        case .revokeStarts(let turn): "end starts of \(turn)"
        case .limitStarts(let thread): "limit starts in \(thread)"
        case .revokePatch(_, let turn, let call): "end patch \(call) of \(turn)"
        case .announce(let approval): "announce \(approval.id)"
        case .expire(let id, let at): "expire \(id) at \(at)"
        }
    }
}
