import AuditRecord
import JSON
import Logging
import NIOCore
import NIOEmbedded
import Policy
@testable import PrometheusMetrics
@testable import Relay
import Session
import Synchronization

/// A hub, its sessions and an event loop whose time the test advances. Everything happens on the test's thread.
final class TestServer {
    static let proof = GateProof(command: "gate --x", verifier: "w-7f")
    static let ann = Principal(.token(id: "1", name: "ann"), role: .admin)
    static let bob = Principal(.token(id: "2", name: "bob"), role: .admin)
    static let keep: TimeAmount = .minutes(5)
    static let drainPatience: Duration = .seconds(60)

    let loop = EmbeddedEventLoop()
    /// For sockets that come in on another event loop than their session's.
    let otherLoop = EmbeddedEventLoop()
    let connector = FakeConnector()
    let recorder = FakeRecorder()
    let starts = FakeStartGrants()
    let drainDeadline = DrainDeadline(patience: drainPatience)
    let hub: Hub
    private let sessions = Sessions()
    let directory: SessionDirectory

    init(
        limits: ReplayBuffer.Limits = .init(), keep: TimeAmount = keep, approvalTimeout: Duration? = nil,
        threads: FakeThreadStore = FakeThreadStore()
    ) {
        let workspace = "/work/space"
        let policy = ServerPolicy(
            workspace: workspace, profiles: PermissionProfiles(suffix: "7f"), resolveDirectory: { $0 })
        let hub = Hub(
            approvalTimeout: approvalTimeout, policy: policy, recorder: recorder, starts: starts,
            threads: threads, kept: KeptThreads(),
            viewerMask: ViewerMask(SecretMask(known: ["hunter2-hunter2"]) { _ in "0" }), timers: loop,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        self.hub = hub
        directory = SessionDirectory(keep: keep, limits: limits) {
            [connector, drainDeadline, sessions] client, dialect, keeping, eventLoop in
            let id = hub.newSessionID()
            let session = ClientSession(
                id: id, client: client, dialect: dialect, policy: hub.policy, ownPrefix: "own-\(id.value)-",
                knownMode: { hub.knownMode(of: $0) }, keptThread: { hub.storedThread($0) },
                author: { hub.author(ofItem: $1, inThread: $0, $2) }, recordFailure: { hub.recordFailure })
            let relay = SessionRelay(
                session: session, keeping: keeping, hub: hub, connector: connector, drainDeadline: drainDeadline,
                eventLoop: eventLoop, logger: hub.logger)
            sessions.last = NIOLoopBound(relay, eventLoop: eventLoop)
            return relay
        }
    }

    deinit {
        connector.shutDown()
        try? loop.syncShutdownGracefully()
        try? otherLoop.syncShutdownGracefully()
    }

    /// Runs what is to be done now on the sessions' event loop.
    func run() { loop.run() }

    /// As ``run()``, on the other event loop.
    func runOther() { otherLoop.run() }

    /// Advances the time of the sessions' event loop.
    func passes(_ time: TimeAmount) { loop.advanceTime(by: time) }

    /// Runs both event loops until nothing is left to do on either.
    func settle() {
        for _ in 0..<10 {
            loop.run()
            otherLoop.run()
        }
    }

    /// The session that was opened last.
    var lastRelay: SessionRelay {
        guard let relay = sessions.last else { preconditionFailure("no session was opened") }
        return relay.value
    }

    /// How many of the agents' messages the metric has counted.
    var relayedCount: UInt64 { hub.relayLatency.cumulative.last ?? 0 }

    /// A client opens a socket. `number` is the order in which sockets were let in; by default it is the next.
    @discardableResult
    func opens(
        _ request: SessionRequest = .plain, as principal: Principal = ann, room: Int = .max, number: UInt64? = nil,
        on eventLoop: EmbeddedEventLoop? = nil
    ) -> FakeClient {
        let client = FakeClient(room: room)
        client.receiver = directory.attach(
            client, number: number ?? directory.nextNumber(), at: request, client: ClientContext(principal),
            dialect: .codex, on: eventLoop ?? loop)
        return client
    }

    /// A client with an agent, and nothing on its way.
    @discardableResult
    func connects(
        _ request: SessionRequest = .plain, as principal: Principal = ann, agent id: UInt64 = 1, isShared: Bool = true,
        room: Int = .max
    ) -> (FakeClient, FakeAgent) {
        let client = opens(request, as: principal, room: room)
        let agent = connector.starts(id, isShared: isShared)
        loop.run()
        return (client, agent)
    }

    /// `thread/start` with all that belongs to it; the client is subscribed afterwards.
    func opensThread(_ threadID: String = "T1", _ client: FakeClient, _ agent: FakeAgent) {
        client.says(#"{"id":"open","method":"thread/start","params":{"cwd":"/work/space"}}"#)
        agent.says(Self.gated(agent.lines.last ?? ""))
        agent.says(#"{"id":"open","result":{"thread":{"id":"\#(threadID)"}}}"#)
        loop.run()
    }

    /// The agent's answer to `hooks/list` (`request`), with the gate in force.
    private static func gated(_ request: String) -> String {
        let id = (try? JSONValue(parsing: request))?["id"]?.stringValue ?? ""
        return """
            {"id":"\(id)","result":{"data":[{"hooks":[{"key":"\(GateProof.hookKey)","eventName":"preToolUse",\
            "command":"gate --x","enabled":true,"trustStatus":"trusted"},{"key":"\(GateProof.verifierKey)",\
            "enabled":true,"trustStatus":"trusted"}],"errors":[]}]}}
            """
    }
}

/// What the factory has made. Sendable, as the factory is.
private final class Sessions: Sendable {
    private let relay = Mutex<NIOLoopBound<SessionRelay>?>(nil)

    var last: NIOLoopBound<SessionRelay>? {
        get { relay.withLock { $0 } }
        set { relay.withLock { $0 = newValue } }
    }
}
