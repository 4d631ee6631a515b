import CProcess
import ExecGate
import Glibc

/// One agent's process and what the monitor knows of it. Used on the monitor's thread alone after it was handed over.
final class WatchedAgent: @unchecked Sendable {
    /// codex writes at once; a machine's time under load.
    static let helperPatienceSeconds: Double = 15
    /// How long a program waits for somebody to look at its sandbox.
    static let lookPatienceSeconds: Double = 15
    /// How long a program waits for somebody to read its name.
    static let namePatienceSeconds: Double = 1

    let purpose: Purpose
    /// Nil while `CODEX_BIN` has not become codex, and for a run that says the version.
    private(set) var gate: ExecGate?
    let state: GateState
    var tree: ProcessTree
    /// The standard input of file helpers whose launcher has started.
    var inputs: [ProcessID: Input] = [:]
    /// Helpers that wait for the rest of their input, by its descriptor.
    var helpers: [Int32: PausedHelper] = [:]
    /// Helpers whose input is complete and is being compared, by the kernel's number of the call.
    var compared: [UInt64: ComparingHelper] = [:]
    /// Processes that a reader looks at, by the kernel's number of the call.
    var looking: [UInt64: LookedAt] = [:]
    /// When programs of commands start at the latest, their names read or not, by the kernel's number of the call.
    var unnamed: [UInt64: Double] = [:]

    enum Purpose {
        /// It says its version, and so which program is codex.
        case identify(startedAs: String)
        /// It becomes codex, and codex may start these.
        case serve(AgentChain, companions: [String], ProgramList)
    }

    init(agent: ProcessID, purpose: Purpose, state: GateState) {
        self.purpose = purpose
        self.state = state
        switch purpose {
        case .identify(let path):
            tree = ProcessTree(agent: agent, executable: AgentExecutable(AgentChain(programs: []), companions: []))
            state.follow(AgentChainRecord(startedAs: path, isScript: AgentExecutable.isScript(path)))
        case .serve(let chain, let companions, _):
            tree = ProcessTree(agent: agent, executable: AgentExecutable(chain, companions: companions))
            // It has started already: what it runs now is what was started.
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
        /// Is what waits bubblewrap, and not the helper itself?
        let isSandboxed: Bool
        let deadline: Double
    }

    struct LookedAt {
        let process: ProcessID
        let launch: ExecGate.Launch
        let isLauncher: Bool
        let command: String
        /// The file that starts.
        let path: String?
        let deadline: Double
    }

    struct ComparingHelper {
        let process: ProcessID
        let isSandboxed: Bool
        let deadline: Double
    }

    /// Whose input the helper gets that a launcher, or its child, is about to start.
    func inputKey(of process: ProcessID, parent: pid_t) -> ProcessID? {
        if inputs[process] != nil { return process }
        var place = cprocess_place()
        guard cprocess_find(parent, &place) == 0 else { return nil }
        let above = ProcessID(pid: parent, start: place.start)
        return inputs[above] != nil ? above : nil
    }

    /// A file as it is now, whole; nil when it is none, is longer than ``HelperInput/limit``, or cannot be read.
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
