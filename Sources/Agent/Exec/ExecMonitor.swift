import CProcess
public import ExecGate
import Glibc
public import Logging
import NIOPosix
import Synchronization

/// Answers the kernel whenever codex, or what comes from it, is about to start a program: one thread for all agents,
/// which decides by ``ExecGate``. When this process ends, its listeners end with it, and nothing starts any more.
public final class ExecMonitor: Sendable {
    /// Tells of a program that was stopped. Called on the monitor's thread; it must return at once.
    public typealias Observer = @Sendable (ExecGate.Refusal) -> Void

    struct State {
        var grants: GrantTable
        var started = StartedPrograms()
        var observer: Observer?
        /// Agents that the thread has not seen yet, and those that have ended.
        var added: [(listener: Int32, agent: WatchedAgent)] = []
        var removed: [pid_t] = []
        /// File helpers about which a reader has decided.
        var compared: [ComparedHelper] = []
        /// Processes that a reader has looked at.
        var lookedAt: [SeenProcess] = []
        /// A process has held up who reads its names: they are read no more.
        var isNamingOff = false
        var isRunning = false
    }

    let state: Mutex<State>
    private let queue: Int32
    private let wakeUp: Int32
    /// What takes as long as a file system or another process's memory likes is read there, so that nobody holds the
    /// monitor's thread up.
    let readers = NIOThreadPool(numberOfThreads: 4)
    /// Where every sandboxed command may write.
    let shared: [String]
    let logger: Logger

    /// `denied` is what no sandbox may leave readable; `environment` is codex's.
    public init(denied: [String], environment: [String: String], logger: Logger) {
        shared = SandboxReader.shared(environment)
        state = Mutex(State(grants: GrantTable(denied: Set(denied))))
        queue = cprocess_readiness()
        wakeUp = cprocess_alarm()
        self.logger = logger
        watch(wakeUp)
    }

    public func onStopped(_ observer: @escaping Observer) { state.withLock { $0.observer = observer } }

    // MARK: Grants

    func allow(_ grant: StartGrant) {
        state.withLock { state in
            switch grant {
            case .command(let grant): state.grants.add(grant, now: StartGate.now)
            case .patch(let grant): state.grants.add(grant, now: StartGate.now)
            case .look(let grant): state.grants.add(grant, now: StartGate.now)
            case .tool: break
            }
        }
    }

    func revoke(thread threadID: String, call callID: String) {
        state.withLock { $0.grants.revoke(thread: threadID, call: callID) }
    }

    func revoke(turn turnID: String) { state.withLock { $0.grants.revoke(turn: turnID) } }

    func limit(thread threadID: String) {
        state.withLock { $0.grants.limit(thread: threadID, now: StartGate.now) }
    }

    func revokePatch(thread threadID: String, turn turnID: String, call callID: String) {
        state.withLock { $0.grants.revokePatch(thread: threadID, turn: turnID, call: callID) }
    }

    func takeStarted(thread threadID: String, call callID: String) -> StartedPrograms.Tally? {
        state.withLock { $0.started.take(thread: threadID, call: callID) }
    }

    // MARK: Agents

    /// Takes ownership of the listener.
    func add(_ agent: WatchedAgent, listener: Int32) {
        let starts = state.withLock { state in
            state.added.append((listener, agent))
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if starts {
            readers.start()
            startThread()
        }
        wake()
    }

    /// The agent has ended: what it has left behind starts nothing any more.
    func remove(_ agent: pid_t) {
        state.withLock { $0.removed.append(agent) }
        wake()
    }

    func wake() { cprocess_raise(wakeUp) }

    func watch(_ descriptor: Int32) { _ = cprocess_watch(queue, descriptor) }

    private func startThread() {
        var thread = pthread_t()
        let monitor = Unmanaged.passRetained(self)
        pthread_create(
            &thread, nil,
            { pointer in
                if let pointer { Unmanaged<ExecMonitor>.fromOpaque(pointer).takeRetainedValue().run() }
                return nil
            }, monitor.toOpaque())
        pthread_detach(thread)
    }

    /// The thread. It never ends: it holds nothing while no agent runs.
    private func run() {
        var agents: [Int32: WatchedAgent] = [:]
        var ready = [cprocess_ready](repeating: cprocess_ready(), count: 64)
        var lookedAt = StartGate.now
        while true {
            var isAlarmed = false
            let count = cprocess_wait_ready(queue, &ready, 64, 1_000)
            for end in ready.prefix(Int(count)) {
                if end.descriptor == wakeUp {
                    cprocess_lower(wakeUp)
                    isAlarmed = true
                } else if let agent = agents[end.descriptor] {
                    if end.is_readable != 0 {
                        answer(agent, end.descriptor)
                    } else {
                        forget(end.descriptor, &agents)
                    }
                } else {
                    // A helper's input, whose helper waits.
                    for (listener, agent) in agents where agent.helpers[end.descriptor] != nil {
                        continueHelper(agent, listener, input: end.descriptor)
                    }
                }
            }
            if isAlarmed { update(&agents) }
            guard StartGate.now - lookedAt >= 1 else { continue }
            lookedAt = StartGate.now
            for (listener, agent) in agents {
                refuseLateHelpers(agent, listener)
                refuseUnseen(agent, listener)
                startUnnamed(agent, listener)
            }
        }
    }

    private func update(_ agents: inout [Int32: WatchedAgent]) {
        let (added, removed, compared, seen) = state.withLock { state in
            defer { (state.added, state.removed, state.compared, state.lookedAt) = ([], [], [], []) }
            return (state.added, state.removed, state.compared, state.lookedAt)
        }
        for (listener, agent) in added {
            cprocess_answer_on_same_core(listener)
            agents[listener] = agent
            watch(listener)
        }
        for result in compared {
            if let agent = agents[result.listener] { finishHelper(agent, result) }
        }
        for result in seen {
            if let agent = agents[result.listener] { finishLook(agent, result) }
        }
        for pid in removed {
            for (listener, agent) in agents where agent.tree.agent.pid == pid { forget(listener, &agents) }
        }
    }

    private func forget(_ listener: Int32, _ agents: inout [Int32: WatchedAgent]) {
        agents[listener] = nil
        close(listener)
    }
}
