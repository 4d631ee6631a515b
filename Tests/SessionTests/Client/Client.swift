import JSON
import JSONRPC
@testable import Session

/// One client's session, which renders the effects of each message as lines for comparison.
struct Client {
    static let proof = GateProof(command: "gate --x", verifier: "w-7f")

    var session: ClientSession
    let modes: Modes
    var now: Milliseconds = 0

    init(
        _ principal: Principal = .local, dialect: ClientSession.Dialect = .codex,
        policy: ServerPolicy = Machine.policy(),
        modes: Modes = Modes(), limits: TrafficLimits = .init(), recordFailure: String? = nil
    ) {
        self.modes = modes
        session = ClientSession(
            id: SessionID(1), client: ClientContext(principal), dialect: dialect, policy: policy, limits: limits,
            ownPrefix: "own-",
            knownMode: { modes.known[$0] },
            author: { threadID, _, _ in threadID == "T1" ? Author(principal: .local) : nil },
            recordFailure: { recordFailure })
    }

    /// A client whose agent is connected.
    static func connected(
        _ principal: Principal = .local, policy: ServerPolicy = Machine.policy(), modes: Modes = Modes(),
        refused: String? = nil,
        isShared: Bool = true
    ) -> Client {
        var client = Client(principal, policy: policy, modes: modes)
        _ = client.attach(refused: refused, isShared: isShared)
        return client
    }

    mutating func attach(_ agent: UInt64 = 1, refused: String? = nil, isShared: Bool = true) -> [String] {
        session.agentAttached(
            AgentInfo(id: AgentID(agent), proof: Self.proof, threadsRefused: refused, isShared: isShared)
        ).map(\.line)
    }

    mutating func lose() -> [String] { session.agentLost("The agent ended.").map(\.line).sorted() }

    mutating func says(_ text: String) -> [String] {
        Array(text.utf8).withUnsafeBytes { session.receiveFromClient($0, now: now) }.lines
    }

    mutating func hears(_ text: String) -> [String] {
        Array(text.utf8).withUnsafeBytes { session.receiveFromAgent($0) }.lines
    }

    /// The agent's response to `hooks/list`, with the gate in force.
    static func gated(_ id: String) -> String {
        """
        {"id":"\(id)","result":{"data":[{"hooks":[{"key":"\(GateProof.hookKey)","eventName":"preToolUse",\
        "command":"gate --x","enabled":true,"trustStatus":"trusted"},{"key":"\(GateProof.verifierKey)",\
        "enabled":true,"trustStatus":"trusted"}],"errors":[]}]}}
        """
    }
}

/// Thread modes set by other sessions.
struct Modes: Sendable {
    var known: [String: ThreadMode] = [:]

    /// A client has opened the thread.
    static let ofOpenThread = Modes(known: ["T1": ThreadMode()])
}

extension ClientSession.Outcome {
    var lines: [String] {
        switch self {
        case .forward: ["forward"]
        case .act(let actions): actions.map(\.line)
        }
    }
}

extension ClientSession.Action {
    var line: String {
        switch self {
        case .forward: "forward"
        case .sendToAgent(let bytes): "agent \(text(bytes))"
        case .agentMisconfigured(let fault): "misconfigured \(fault.description)"
        case .sendToClient(let bytes): "client \(text(bytes))"
        case .answer(let id, .result(let result)): "answer \(id) \(result)"
        case .answer(let id, .error(let error)): "answer \(id) error \(error)"
        case .subscribe(let thread, let change): "subscribe \(thread) \(change.line)"
        case .unsubscribe(let thread): "unsubscribe \(thread)"
        case .stopCommands(let thread): "stop \(thread)"
        case .changeMode(let thread, let change): "mode \(thread) \(change.line)"
        case .inputReceived(let thread, _, _): "input \(thread)"
        case .messageRefused(let thread, _): "message in \(thread) refused"
        case .inherit(let thread, let source, let parent):
            "inherit \(thread)\(source.map { " of \($0)" } ?? "")\(parent.map { " below \($0)" } ?? "")"
        case .closeThread(let thread, let reason): "close \(thread) \(reason)"
        case .agentAsked(let id, let method, let params): "asked \(id.json) \(method) \(params)"
        case .agentResolved(let id): "resolved \(id.json)"
        case .allowStart(let grant): "start \(grant)"
        case .itemStarted(let item): "started \(item.itemID)"
        case .itemCompleted(let item): "completed \(item.itemID) in \(item.threadID)"
        case .turnBegan(let turn, let thread, let input): "turn \(turn) in \(thread) began \(input.content)"
        case .turnCompleted(let turn, let thread, _): "turn \(turn) in \(thread) completed"
        }
    }
}

extension ThreadMode.Change {
    var line: String {
        [policy.map { "\($0)" }, sandbox.map { "\($0)" }].compactMap(\.self).joined(separator: " ")
    }
}
