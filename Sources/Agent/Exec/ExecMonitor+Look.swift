import CProcess
import ExecGate
import Glibc
import NIOPosix
import Synchronization

/// Where a granted program really stands. On the monitor's thread, but for the reading.
extension ExecMonitor {
    struct SeenProcess: Sendable {
        let listener: Int32
        let call: cprocess_exec
        let objection: String?
    }

    /// Its mounts and its directory are final: it waits in the kernel, and bubblewrap has given up what could change them.
    func look(
        _ agent: WatchedAgent, _ listener: Int32, _ call: cprocess_exec, _ process: ProcessID, _ arguments: ExecCall?,
        _ launch: ExecGate.Launch, isLauncher: Bool
    ) {
        agent.looking[call.id] = .init(
            process: process, launch: launch, isLauncher: isLauncher, command: arguments?.description ?? "a program",
            path: arguments?.path, deadline: StartGate.now + WatchedAgent.lookPatienceSeconds)
        readers.submit { [self] _ in
            let result = SeenProcess(
                listener: listener, call: call, objection: objection(to: process, launch, isLauncher))
            state.withLock { $0.lookedAt.append(result) }
            wake()
        }
    }

    private func objection(to process: ProcessID, _ launch: ExecGate.Launch, _ isLauncher: Bool) -> String? {
        do {
            let looksAtMounts = !isLauncher && launch.confinements.contains { $0.writable != nil }
            let view = try SandboxReader.view(of: process.pid, looksAtMounts: looksAtMounts)
            var objection: String?
            for confinement in launch.confinements {
                objection =
                    isLauncher
                    ? confinement.objection(
                        toLauncher: view, identify: SandboxReader.identify, resolve: FileTree.realPath)
                    : confinement.objection(to: view, shared: shared, identify: SandboxReader.identify)
                if objection == nil { return nil }
            }
            return objection ?? "nobody has allowed it"
        } catch {
            return error.reason
        }
    }

    func finishLook(_ agent: WatchedAgent, _ result: SeenProcess) {
        // It may have come too late.
        guard let waiting = agent.looking.removeValue(forKey: result.call.id) else { return }
        // What was seen is the process's own only if it still waits.
        guard cprocess_is_exec_waiting(result.listener, result.call.id) != 0 else { return }
        let launch = waiting.launch
        if let objection = result.objection {
            cprocess_answer_exec(result.listener, result.call.id, EACCES)
            return report(
                .init(
                    threadID: launch.threadID, callID: launch.callID, command: waiting.command, reason: objection))
        }
        count(launch, waiting.path)
        agent.tree.admit(waiting.process, waiting.isLauncher ? .launching(launch) : launch.admission)
        cprocess_answer_exec(result.listener, result.call.id, 0)
    }

    /// For the record, as everything that a command starts.
    func count(_ launch: ExecGate.Launch, _ path: String?) {
        guard let threadID = launch.threadID, let callID = launch.callID else { return }
        state.withLock { state in
            guard state.started.count(thread: threadID, call: callID), !state.isNamingOff, let path else { return }
            state.started.add(name: path, thread: threadID, call: callID)
        }
    }

    func refuseUnseen(_ agent: WatchedAgent, _ listener: Int32) {
        for (id, waiting) in agent.looking where waiting.deadline <= StartGate.now {
            agent.looking[id] = nil
            cprocess_answer_exec(listener, id, EACCES)
            report(
                .init(
                    threadID: waiting.launch.threadID, callID: waiting.launch.callID, command: waiting.command,
                    reason: "its sandbox and its directory cannot be looked at in time"))
        }
    }
}
