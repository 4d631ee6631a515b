import CProcess
public import ExecGate
import Glibc
public import Logging
import Synchronization

/// Answers the kernel whenever codex, or what comes from it, is about to start a program: one thread for all agents,
/// which decides by ``ExecGate``. When this process ends, its listeners end with it, and nothing starts any more.
public final class ExecMonitor: Sendable {
    /// Tells of a program that was stopped. Called on the monitor's thread; it must return at once.
    public typealias Observer = @Sendable (ExecGate.Refusal) -> Void

    private struct State {
        var grants: GrantTable
        var started = StartedPrograms()
        var observer: Observer?
        /// Agents that the thread has not seen yet, and those that have ended.
        var added: [(listener: Int32, agent: WatchedAgent)] = []
        var removed: [pid_t] = []
        var isRunning = false
    }

    private let state: Mutex<State>
    private let queue: Int32
    private let wakeUp: Int32
    let logger: Logger

    /// `denied` is what no sandbox may leave readable.
    public init(denied: [String], logger: Logger) {
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
        if starts { startThread() }
        wake()
    }

    /// The agent has ended: what it has left behind starts nothing any more.
    func remove(_ agent: pid_t) {
        state.withLock { $0.removed.append(agent) }
        wake()
    }

    private func wake() { cprocess_raise(wakeUp) }

    private func watch(_ descriptor: Int32) { _ = cprocess_watch(queue, descriptor) }

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
            for (listener, agent) in agents { refuseLateHelpers(agent, listener) }
        }
    }

    private func update(_ agents: inout [Int32: WatchedAgent]) {
        let (added, removed) = state.withLock { state in
            defer { (state.added, state.removed) = ([], []) }
            return (state.added, state.removed)
        }
        for (listener, agent) in added {
            cprocess_answer_on_same_core(listener)
            agents[listener] = agent
            watch(listener)
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

// MARK: On the monitor's thread

extension ExecMonitor {
    private func answer(_ agent: WatchedAgent, _ listener: Int32) {
        var call = cprocess_exec()
        guard cprocess_receive_exec(listener, &call) == 0 else { return }
        guard let (process, parent) = ProcessTree.process(of: call.thread) else {
            cprocess_answer_exec(listener, call.id, EACCES)
            return
        }
        let caller = agent.tree.caller(process, parent: parent)
        let isDecided = if case .below(.granted, _) = caller { true } else { false }
        let arguments = isDecided ? nil : ExecArguments.read(call, agent: agent.tree.executable)
        // What was read is the process's own only if it still waits.
        guard cprocess_is_exec_waiting(listener, call.id) != 0 else { return }
        // A name is looked up in one directory of PATH after the other.
        if let path = arguments?.path, path.hasPrefix("/"), !path.hasPrefix("/proc/"), access(path, F_OK) != 0,
            errno == ENOENT
        {
            cprocess_answer_exec(listener, call.id, ENOENT)
            return
        }
        let verdict =
            if let gate = agent.gate {
                state.withLock { gate.judge(arguments, from: caller, &$0.grants, now: StartGate.now) }
            } else {
                agent.judgeScript(arguments, process)
            }
        if caller == .agentChild {
            logger.debug(
                "codex starts a program",
                metadata: ["verdict": "\(verdict.word)", "command": "\(arguments?.commandLine ?? "")"])
        }
        switch verdict {
        case .admit(let admission):
            // The script that becomes codex is no program of its own.
            if process != agent.tree.agent { agent.tree.admit(process, admission) }
            if case .granted(let threadID?, let callID?) = admission {
                state.withLock { $0.started.count(thread: threadID, call: callID) { ExecArguments.path(call) } }
            }
            if admission == .fileHelperLauncher {
                guard let input = HelperInput(of: process.pid) else {
                    return refuse(agent, listener, call, arguments, "its input cannot be read")
                }
                agent.inputs[process] = WatchedAgent.Input(input)
            }
            cprocess_answer_exec(listener, call.id, 0)
        case .awaitInput:
            guard let key = agent.inputKey(of: process, parent: parent) else {
                return refuse(agent, listener, call, arguments, "its input was handed over already")
            }
            hold(agent, listener, call, process, input: key)
        case .keepOut:
            cprocess_answer_exec(listener, call.id, EACCES)
        case .refuse(let refusal):
            cprocess_answer_exec(listener, call.id, EACCES)
            report(refusal, agent)
        }
    }

    private func report(_ refusal: ExecGate.Refusal, _ agent: WatchedAgent) {
        logger.error(
            "a program was stopped before it started",
            metadata: ["command": "\(refusal.command)", "why": "\(refusal.reason)"])
        state.withLock { $0.observer }?(refusal)
    }

    private func refuse(
        _ agent: WatchedAgent, _ listener: Int32, _ call: cprocess_exec, _ arguments: ExecCall?, _ reason: String
    ) {
        cprocess_answer_exec(listener, call.id, EACCES)
        report(
            .init(threadID: nil, callID: nil, command: arguments?.description ?? "a file helper", reason: reason),
            agent)
    }

    // MARK: File helpers

    /// The helper's next step waits until all that codex tells it has come. That does not hold codex up: it waits only for
    /// the first step.
    private func hold(
        _ agent: WatchedAgent, _ listener: Int32, _ call: cprocess_exec, _ process: ProcessID, input key: ProcessID
    ) {
        guard let input = agent.inputs.removeValue(forKey: key) else { return }
        let descriptor = input.descriptor
        agent.helpers[descriptor] = WatchedAgent.HeldHelper(
            call: call, process: process, input: input, deadline: StartGate.now + WatchedAgent.helperPatienceSeconds)
        watch(descriptor)
        continueHelper(agent, listener, input: descriptor)
    }

    private func continueHelper(_ agent: WatchedAgent, _ listener: Int32, input descriptor: Int32) {
        guard let helper = agent.helpers[descriptor] else { return }
        switch helper.input.read() {
        case .unfinished: return
        case .broken:
            agent.helpers[descriptor] = nil
            refuse(agent, listener, helper.call, nil, "its input cannot be read")
        case .complete(let bytes):
            agent.helpers[descriptor] = nil
            start(agent, listener, helper, bytes)
        }
    }

    private func start(
        _ agent: WatchedAgent, _ listener: Int32, _ helper: WatchedAgent.HeldHelper, _ bytes: [UInt8]
    ) {
        let operation = FileOperation(bytes)
        // A copy, since files are read for it.
        let grants = state.withLock { $0.grants }
        guard operation.map({ grants.admits($0, now: StartGate.now, content: WatchedAgent.content) }) == true else {
            let what =
                operation.map { "\($0.change == nil ? "a look at" : "a change of") \($0.path)" }
                ?? "an operation that is not known here"
            cprocess_answer_exec(listener, helper.call.id, EACCES)
            return report(
                .init(threadID: nil, callID: nil, command: what, reason: "nobody has allowed it"), agent)
        }
        let file = cprocess_memory_file(bytes, bytes.count)
        defer { if file >= 0 { close(file) } }
        guard file >= 0, cprocess_replace_input(listener, helper.call.id, file) == 0 else {
            return refuse(agent, listener, helper.call, nil, "its input cannot be handed over")
        }
        agent.tree.admit(helper.process, .fileHelper)
        cprocess_answer_exec(listener, helper.call.id, 0)
    }

    private func refuseLateHelpers(_ agent: WatchedAgent, _ listener: Int32) {
        agent.inputs = agent.inputs.filter { ProcessTree.process(of: $0.key.pid)?.id == $0.key }
        for (descriptor, helper) in agent.helpers where helper.deadline <= StartGate.now {
            agent.helpers[descriptor] = nil
            refuse(agent, listener, helper.call, nil, "codex has not told it what to do")
        }
    }
}
