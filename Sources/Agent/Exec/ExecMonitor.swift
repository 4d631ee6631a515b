import CProcess
public import ExecGrants
import Glibc
public import Logging
import NIOPosix
import Synchronization

/// Answers the kernel whenever codex or a descendant of it is about to start a program. One thread serves all agents
/// and decides with ``ExecGate``. When this process ends, its seccomp listeners close, and no program can start any
/// more.
public final class ExecMonitor: Sendable {
    /// Reports a program that was stopped. Called on the monitor's thread; it must return at once.
    public typealias Observer = @Sendable (ExecGate.Refusal) -> Void

    struct State {
        /// Agents that the thread has not yet picked up, and the process ids of those that have ended.
        var added: [(listener: Int32, agent: WatchedAgent)] = []
        var removed: [pid_t] = []
        /// File helpers that a reader has compared.
        var compared: [ComparedHelper] = []
        /// Processes that a reader has inspected.
        var lookedAt: [SeenProcess] = []
        /// A process has blocked a reader of its program names: names are no longer read.
        var isNamingOff = false
        var isRunning = false
    }

    let state = Mutex(State())
    let grants: ProgramGrants
    let onStopped: Observer
    private let queue: Int32
    private let wakeUp: Int32
    /// Threads for reads whose duration depends on a file system or on another process's memory, so that they cannot
    /// block the monitor's thread.
    let readers = NIOThreadPool(numberOfThreads: 4)
    /// Directories in which every sandboxed command may write.
    let shared: [String]
    let logger: Logger

    /// `environment` is codex's environment.
    public init(
        grants: ProgramGrants, environment: [String: String], logger: Logger, onStopped: @escaping Observer
    ) {
        self.grants = grants
        self.onStopped = onStopped
        shared = SandboxReader.shared(environment)
        queue = cprocess_readiness()
        wakeUp = cprocess_alarm()
        self.logger = logger
        watch(wakeUp)
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

    /// The agent has ended: the processes that it left behind can start no more programs.
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

    /// The thread's loop. It never returns; while no agent runs it holds no resources.
    private func run() {
        var agents: [Int32: WatchedAgent] = [:]
        var ready = [cprocess_ready](repeating: cprocess_ready(), count: 64)
        var lookedAt = MonotonicTime.now
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
                    // The input of a paused helper.
                    for (listener, agent) in agents where agent.helpers[end.descriptor] != nil {
                        continueHelper(agent, listener, input: end.descriptor)
                    }
                }
            }
            if isAlarmed { update(&agents) }
            guard MonotonicTime.now - lookedAt >= 1 else { continue }
            lookedAt = MonotonicTime.now
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
