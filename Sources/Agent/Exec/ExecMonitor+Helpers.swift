import CProcess
import ExecGrants
import Glibc
import NIOPosix
import Synchronization

/// File helpers. Runs on the monitor's thread, except for the comparison.
extension ExecMonitor {
    private static let presentFiles = PresentFiles(
        content: WatchedAgent.content, resolve: FileTree.target, stamp: FileStamp.init(at:),
        isDirectory: { path in
            var status = stat()
            return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        })

    struct ComparedHelper: Sendable {
        let listener: Int32
        let call: cprocess_exec
        let bytes: [UInt8]
        let operation: FileOperation?
        let permit: Result<GrantTable.Permit, GrantTable.NoPermit>
    }

    /// Holds the helper's next execve until codex has sent the complete input. codex does not block: it waits only for
    /// the launcher's execve.
    func hold(
        _ agent: WatchedAgent, _ listener: Int32, _ call: cprocess_exec, _ process: ProcessID, input key: ProcessID,
        isSandboxed: Bool
    ) {
        guard let input = agent.inputs.removeValue(forKey: key) else { return }
        let descriptor = input.descriptor
        agent.helpers[descriptor] = WatchedAgent.PausedHelper(
            call: call, process: process, input: input, isSandboxed: isSandboxed,
            deadline: MonotonicTime.now + WatchedAgent.helperPatienceSeconds)
        watch(descriptor)
        continueHelper(agent, listener, input: descriptor)
    }

    func continueHelper(_ agent: WatchedAgent, _ listener: Int32, input descriptor: Int32) {
        guard let helper = agent.helpers[descriptor] else { return }
        switch helper.input.read() {
        case .unfinished: return
        case .broken:
            agent.helpers[descriptor] = nil
            refuse(listener, helper.call, nil, "its input cannot be read")
        case .complete(let bytes):
            agent.helpers[descriptor] = nil
            agent.compared[helper.call.id] = .init(
                process: helper.process, isSandboxed: helper.isSandboxed, deadline: helper.deadline)
            compare(bytes, listener, helper.call)
        }
    }

    /// Reads the files to be changed on a reader thread, as they may be on any file system.
    private func compare(_ bytes: [UInt8], _ listener: Int32, _ call: cprocess_exec) {
        let grants = grants.state.withLock { $0.grants }
        readers.submit { [self] _ in
            let operation = FileOperation(bytes)
            let permit =
                operation.map {
                    grants.permit(for: $0, now: MonotonicTime.now, Self.presentFiles)
                } ?? .failure(.unknown)
            let result = ComparedHelper(
                listener: listener, call: call, bytes: bytes, operation: operation, permit: permit)
            state.withLock { $0.compared.append(result) }
            wake()
        }
    }

    func finishHelper(_ agent: WatchedAgent, _ result: ComparedHelper) {
        // nil if the deadline has passed and the call was refused.
        guard let waiting = agent.compared.removeValue(forKey: result.call.id) else { return }
        if let reason = objection(to: result) {
            let what =
                result.operation.map { "\($0.change == nil ? "a look at" : "a change of") \($0.path)" }
                ?? "an operation that is not known here"
            cprocess_answer_exec(result.listener, result.call.id, EACCES)
            return report(.init(threadID: nil, callID: nil, command: what, reason: reason))
        }
        let launch = ExecGate.Launch(
            threadID: nil, callID: nil, confinements: result.permit.confinements, isFileHelper: true)
        guard waiting.isSandboxed || launch.mayDoWithoutSandbox else {
            return refuse(result.listener, result.call, nil, "it would run without the sandbox")
        }
        let file = cprocess_memory_file(result.bytes, result.bytes.count)
        defer { if file >= 0 { close(file) } }
        guard file >= 0, cprocess_replace_input(result.listener, result.call.id, file) == 0 else {
            return refuse(result.listener, result.call, nil, "its input cannot be handed over")
        }
        agent.tree.admit(waiting.process, waiting.isSandboxed ? .launching(launch) : .fileHelper)
        cprocess_answer_exec(result.listener, result.call.id, 0)
    }

    /// nil if the operation is allowed. Uses up the permit, which another helper may have used first.
    private func objection(to result: ComparedHelper) -> String? {
        switch result.permit {
        case .failure(let objection): objection.reason
        case .success(let permit):
            grants.state.withLock { $0.grants.take(permit, now: MonotonicTime.now) } ? nil : "this was done already"
        }
    }

    func refuseLateHelpers(_ agent: WatchedAgent, _ listener: Int32) {
        agent.inputs = agent.inputs.filter { ProcessTree.process(of: $0.key.pid)?.id == $0.key }
        for (descriptor, helper) in agent.helpers where helper.deadline <= MonotonicTime.now {
            agent.helpers[descriptor] = nil
            refuse(listener, helper.call, nil, "codex has not told it what to do")
        }
        for (id, helper) in agent.compared where helper.deadline <= MonotonicTime.now {
            agent.compared[id] = nil
            var call = cprocess_exec()
            call.id = id
            refuse(listener, call, nil, "the file that it is to change cannot be read in time")
        }
    }
}

extension Result<GrantTable.Permit, GrantTable.NoPermit> {
    fileprivate var confinements: [Confinement] {
        if case .success(let permit) = self { permit.confinements } else { [] }
    }
}
