import CProcess
import ExecGrants
import Glibc
import Logging
import NIOPosix
import Synchronization

/// Runs on the monitor's thread.
extension ExecMonitor {
    func answer(_ agent: WatchedAgent, _ listener: Int32) {
        var call = cprocess_exec()
        guard cprocess_receive_exec(listener, &call) == 0 else { return }
        guard let (process, parent) = ProcessTree.process(of: call.thread) else {
            cprocess_answer_exec(listener, call.id, EACCES)
            return
        }
        guard let gate = agent.gate else { return answerStart(agent, listener, call, process, parent: parent) }
        let caller = agent.tree.caller(process, parent: parent)
        if case .below(.granted(let threadID, let callID), _) = caller {
            return start(agent, listener, call, process, thread: threadID, callID: callID)
        }
        // Read only the memory of codex and of programs that the administrator configured: other processes can block
        // a reader of their memory.
        let mayBeRead = caller != .stranger || process == agent.tree.agent
        var arguments = mayBeRead ? ExecArguments.read(call, agent: agent.tree.executable) : nil
        if case .below(.launching, _) = caller {
            // If it is unknown whose mounts the process has, treat it as sandboxed, since its mounts cannot be
            // inspected either.
            arguments?.isAmongAgentMounts =
                SandboxReader.sharesMounts(process.pid, with: agent.tree.agent.pid) ?? false
        }
        // The data read belongs to this process only if the call is still waiting.
        guard cprocess_is_exec_waiting(listener, call.id) != 0 else { return }
        if isMissing(arguments) {
            cprocess_answer_exec(listener, call.id, ENOENT)
            return
        }
        let verdict = grants.state.withLock { gate.judge(arguments, from: caller, &$0.grants, now: MonotonicTime.now) }
        if caller == .agentChild {
            logger.debug(
                "codex starts a program",
                metadata: ["verdict": "\(verdict.word)", "command": "\(arguments?.commandLine ?? "")"])
        }
        if caller.isAgent, verdict.isStop { agent.state.stoppedOne() }
        switch verdict {
        case .admit(let admission):
            if case .granted(let threadID, let callID) = admission {
                return start(agent, listener, call, process, thread: threadID, callID: callID)
            }
            if case .launching(let launch) = admission { count(launch, arguments?.path) }
            agent.tree.admit(process, admission)
            if admission == .fileHelperLauncher {
                guard let input = HelperInput(of: process.pid) else {
                    return refuse(listener, call, arguments, "its input cannot be read")
                }
                agent.inputs[process] = WatchedAgent.Input(input)
            }
            cprocess_answer_exec(listener, call.id, 0)
        case .lookAt(let launch, let isLauncher):
            look(agent, listener, call, process, arguments, launch, isLauncher: isLauncher)
        case .awaitInput(let isSandboxed):
            guard let key = agent.inputKey(of: process, parent: parent) else {
                return refuse(listener, call, arguments, "its input was handed over already")
            }
            hold(agent, listener, call, process, input: key, isSandboxed: isSandboxed)
        case .keepOut:
            cprocess_answer_exec(listener, call.id, EACCES)
        case .refuse(var refusal):
            cprocess_answer_exec(listener, call.id, EACCES)
            if caller == .stranger {
                let name = FileTree.link("/proc/\(process.pid)/exe") ?? "a process that has ended"
                refusal = .init(threadID: nil, callID: nil, command: "a program of \(name)'s", reason: refusal.reason)
            }
            report(refusal)
        }
    }

    /// A program name is looked up in each directory of PATH in turn.
    private func isMissing(_ arguments: ExecCall?) -> Bool {
        guard let arguments, arguments.isAmongAgentMounts, arguments.path.hasPrefix("/"),
            !arguments.path.hasPrefix("/proc/")
        else { return false }
        return access(arguments.path, F_OK) != 0 && errno == ENOENT
    }

    /// Answers while no gate is on.
    private func answerStart(
        _ agent: WatchedAgent, _ listener: Int32, _ call: cprocess_exec, _ process: ProcessID, parent: pid_t
    ) {
        let arguments = ExecArguments.read(call, agent: agent.tree.executable)
        guard cprocess_is_exec_waiting(listener, call.id) != 0 else { return }
        guard !isMissing(arguments) else {
            cprocess_answer_exec(listener, call.id, ENOENT)
            return
        }
        switch agent.judgeStart(arguments, process, of: call.thread, parent: parent) {
        case .admit(let admission):
            // The process that becomes codex is not admitted as a program of its own.
            if process != agent.tree.agent { agent.tree.admit(process, admission) }
            cprocess_answer_exec(listener, call.id, 0)
        case .refuse(let refusal):
            cprocess_answer_exec(listener, call.id, EACCES)
            logger.error(
                "CODEX_BIN may not start this",
                metadata: ["command": "\(refusal.command)", "why": "\(refusal.reason)"])
        case .awaitInput, .lookAt, .keepOut: cprocess_answer_exec(listener, call.id, EACCES)
        }
    }

    func report(_ refusal: ExecGate.Refusal) {
        logger.error(
            "a program was stopped before it started",
            metadata: ["command": "\(refusal.command)", "why": "\(refusal.reason)"])
        onStopped(refusal)
    }

    func refuse(_ listener: Int32, _ call: cprocess_exec, _ arguments: ExecCall?, _ reason: String) {
        cprocess_answer_exec(listener, call.id, EACCES)
        report(
            .init(threadID: nil, callID: nil, command: arguments?.description ?? "a file helper", reason: reason))
    }

    // MARK: Programs started by commands

    /// Starts a granted command or a descendant of it. Counts it, and reads its name first while names are being
    /// recorded.
    private func start(
        _ agent: WatchedAgent, _ listener: Int32, _ call: cprocess_exec, _ process: ProcessID, thread threadID: String?,
        callID: String?
    ) {
        let admission = ExecGate.Admission.granted(threadID: threadID, callID: callID)
        guard let threadID, let callID,
            grants.state.withLock({ $0.started.count(thread: threadID, call: callID) }),
            !state.withLock({ $0.isNamingOff })
        else {
            // The caller's identity is valid only if the call was still waiting. Its children are examined only after
            // this.
            if cprocess_answer_exec(listener, call.id, 0) == 0 { agent.tree.admit(process, admission) }
            return
        }
        guard cprocess_is_exec_waiting(listener, call.id) != 0 else { return }
        agent.tree.admit(process, admission)
        agent.unnamed[call.id] = MonotonicTime.now + WatchedAgent.namePatienceSeconds
        readers.submit { [self] _ in
            let name = ExecArguments.path(call)
            // The name belongs to this process only if the call is still waiting.
            if let name, cprocess_is_exec_waiting(listener, call.id) != 0 {
                grants.state.withLock { $0.started.add(name: name, thread: threadID, call: callID) }
            }
            cprocess_answer_exec(listener, call.id, 0)
        }
    }

    /// Starts the programs whose names could not be read before the deadline.
    func startUnnamed(_ agent: WatchedAgent, _ listener: Int32) {
        for (id, deadline) in agent.unnamed where deadline <= MonotonicTime.now {
            agent.unnamed[id] = nil
            // Skip calls that a reader has already answered.
            guard cprocess_answer_exec(listener, id, 0) == 0 else { continue }
            let isFirst = state.withLock { state in
                defer { state.isNamingOff = true }
                return !state.isNamingOff
            }
            guard isFirst else { continue }
            logger.warning(
                """
                a process that an approved command started holds up who reads its memory: until the server is \
                restarted, the record counts what commands start and does not name it
                """)
        }
    }
}
