import CProcess
import ExecGrants
import Glibc
import NIOPosix
import Synchronization

/// Checks the actual sandbox and directory of a granted program. Runs on the monitor's thread, except for the reading.
extension ExecMonitor {
    struct SeenProcess: Sendable {
        let listener: Int32
        let call: cprocess_exec
        let objection: String?
    }

    /// The process's mounts and directory are final: it waits in execve, and bubblewrap has dropped the rights to
    /// change them.
    func look(
        _ agent: WatchedAgent, _ listener: Int32, _ call: cprocess_exec, _ process: ProcessID, _ arguments: ExecCall?,
        _ launch: ExecGate.Launch, isLauncher: Bool
    ) {
        agent.looking[call.id] = .init(
            process: process, launch: launch, isLauncher: isLauncher, command: arguments?.description ?? "a program",
            path: arguments?.path, deadline: MonotonicTime.now + WatchedAgent.lookPatienceSeconds)
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
            return objection ?? "it was not approved"
        } catch {
            return error.reason
        }
    }

    func finishLook(_ agent: WatchedAgent, _ result: SeenProcess) {
        // nil if the deadline has passed and the call was refused.
        guard let waiting = agent.looking.removeValue(forKey: result.call.id) else { return }
        // The view belongs to this process only if the call is still waiting.
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

    /// Counts the program for the audit log, like every program that a command starts.
    func count(_ launch: ExecGate.Launch, _ path: String?) {
        guard let threadID = launch.threadID, let callID = launch.callID else { return }
        let isNamingOff = state.withLock { $0.isNamingOff }
        grants.state.withLock { state in
            guard state.started.count(thread: threadID, call: callID), !isNamingOff, let path else { return }
            state.started.add(name: path, thread: threadID, call: callID)
        }
    }

    func refuseUnseen(_ agent: WatchedAgent, _ listener: Int32) {
        for (id, waiting) in agent.looking where waiting.deadline <= MonotonicTime.now {
            agent.looking[id] = nil
            cprocess_answer_exec(listener, id, EACCES)
            report(
                .init(
                    threadID: waiting.launch.threadID, callID: waiting.launch.callID, command: waiting.command,
                    reason: "its sandbox and its directory cannot be looked at in time"))
        }
    }
}
