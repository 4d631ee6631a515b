import CProcess
import ExecGrants
import Glibc

/// One agent's process and the monitor's data about it. After the handover it is used only on the monitor's thread.
final class WatchedAgent: @unchecked Sendable {
    /// codex writes the input at once; this allows for a machine under load.
    static let helperPatienceSeconds: Double = 15
    /// How long a program waits for a reader to inspect its sandbox.
    static let lookPatienceSeconds: Double = 15
    /// How long a program waits for a reader to read its name.
    static let namePatienceSeconds: Double = 1

    let purpose: Purpose
    /// nil until `CODEX_BIN` has become codex, and throughout a version run.
    private(set) var gate: ExecGate?
    let state: ExecGateState
    var tree: ProcessTree
    /// The standard input of file helpers whose launcher has started.
    var inputs: [ProcessID: Input] = [:]
    /// Helpers that wait for the rest of their input, by the descriptor of that input.
    var helpers: [Int32: PausedHelper] = [:]
    /// Helpers whose complete input is being compared, by the kernel's id of the call.
    var compared: [UInt64: ComparingHelper] = [:]
    /// Processes that a reader inspects, by the kernel's id of the call.
    var looking: [UInt64: LookedAt] = [:]
    /// The deadlines at which programs of commands start even if their names were not read, by the kernel's id of the
    /// call.
    var unnamed: [UInt64: Double] = [:]

    enum Purpose {
        /// The process prints its version, which shows which program is codex.
        case identify(startedAs: String)
        /// The process becomes codex, which may start the programs in the list.
        case serve(AgentChain, companions: [String], ProgramList)
    }

    init(agent: ProcessID, purpose: Purpose, state: ExecGateState) {
        self.purpose = purpose
        self.state = state
        switch purpose {
        case .identify(let path):
            tree = ProcessTree(
                agent: agent, executable: AgentExecutable(AgentChain(programs: []), companions: []),
                admitted: state.admitted)
            state.follow(AgentChainRecord(startedAs: path, isScript: AgentExecutable.isScript(path)))
        case .serve(let chain, let companions, _):
            tree = ProcessTree(
                agent: agent, executable: AgentExecutable(chain, companions: companions), admitted: state.admitted)
            // The process has already executed its program, so it may run codex by now.
            if tree.executable.runs(agent.pid) { turnOn() }
        }
    }

    func turnOn() {
        guard case .serve(_, _, let programs) = purpose else { return }
        gate = ExecGate(programs: programs, agentExecutable: tree.executable.path)
        state.turnedOn()
    }

    final class Input {
        private var input: HelperInput
        init(_ input: consuming HelperInput) { self.input = input }
        var descriptor: Int32 { input.descriptor }
        func read() -> HelperInput.Progress { input.read() }
    }

    struct PausedHelper {
        let call: cprocess_exec
        let process: ProcessID
        let input: Input
        /// Whether the waiting process is bubblewrap rather than the helper itself.
        let isSandboxed: Bool
        let deadline: Double
    }

    struct LookedAt {
        let process: ProcessID
        let launch: ExecGate.Launch
        let isLauncher: Bool
        let command: String
        /// The file that is about to be executed.
        let path: String?
        let deadline: Double
    }

    struct ComparingHelper {
        let process: ProcessID
        let isSandboxed: Bool
        let deadline: Double
    }

    /// The process whose stored input belongs to the helper that a launcher, or the launcher's child, is about to
    /// start.
    func inputKey(of process: ProcessID, parent: pid_t) -> ProcessID? {
        if inputs[process] != nil { return process }
        return ProcessID(of: parent).flatMap { inputs[$0] != nil ? $0 : nil }
    }

    /// The whole content of a file; nil if it is not a regular file, exceeds ``HelperInput/limit``, or cannot be read.
    static func content(of path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size <= HelperInput.limit
        else { return nil }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        while bytes.count <= HelperInput.limit {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
        }
        return nil
    }
}
