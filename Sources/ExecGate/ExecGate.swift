import JSON

/// Decides which programs may start below one codex process. Beneath the hook, in the kernel: whatever becomes of the
/// hook, a program that has no grant here does not start.
///
/// A pure state machine. Its owner reads the kernel's notifications and answers each at once.
public struct ExecGate: Sendable {
    /// What a process that was let in may do next.
    public enum Admission: Sendable, Hashable {
        /// codex's own step before a command: what it starts in its place is judged as codex's own child is.
        case processSetup
        /// A granted command: whatever it starts, it starts inside the sandbox that it was granted, or outside with a
        /// person's word. The thread and call, where codex names them.
        case granted(threadID: String?, callID: String?)
        /// On its way into the sandbox: codex's launcher and bubblewrap. What it is to become starts when its sandbox has
        /// been looked at from inside.
        case launching(Launch)
        /// The launcher of codex's file helper. What the helper is told on standard input is still to be looked at, and
        /// until then it starts nothing.
        case fileHelperLauncher
        /// A file helper whose input was allowed.
        case fileHelper
        case listed(name: String, ProgramList.Descendants)
    }

    /// What starts when a process is where it was said to be.
    public struct Launch: Sendable, Hashable {
        public let threadID: String?
        public let callID: String?
        /// One of these must hold.
        public let confinements: [Confinement]
        public let isFileHelper: Bool

        public init(threadID: String?, callID: String?, confinements: [Confinement], isFileHelper: Bool) {
            self.threadID = threadID
            self.callID = callID
            self.confinements = confinements
            self.isFileHelper = isFileHelper
        }

        init(_ grant: CommandGrant, isSandboxed: Bool) {
            var confinement = grant.confinement
            if !isSandboxed { confinement.writable = nil }
            self.init(
                threadID: grant.threadID, callID: grant.callID, confinements: [confinement], isFileHelper: false)
        }

        /// What it may be once it has been looked at.
        public var admission: Admission {
            isFileHelper ? .fileHelper : .granted(threadID: threadID, callID: callID)
        }

        /// May it start among codex's own mounts, with no sandbox around it?
        public var mayDoWithoutSandbox: Bool { confinements.contains { $0.writable == nil } }
    }

    public enum Verdict: Sendable, Hashable {
        case admit(Admission)
        /// It starts if ``Confinement/objection(to:shared:identify:)`` finds nothing, or for a launcher
        /// ``Confinement/objection(toLauncher:identify:resolve:)``.
        case lookAt(Launch, isLauncher: Bool)
        /// A file helper, or the bubblewrap of one: it starts when its input is known and allowed.
        case awaitInput(isSandboxed: Bool)
        /// On purpose: nobody needs to hear of it.
        case keepOut
        case refuse(Refusal)
    }

    public struct Refusal: Sendable, Hashable {
        public let threadID: String?
        public let callID: String?
        /// The command line, for people.
        public let command: String
        /// A sentence.
        public let reason: String

        public init(threadID: String?, callID: String?, command: String, reason: String) {
            self.threadID = threadID
            self.callID = callID
            self.command = command
            self.reason = reason
        }
    }

    /// Who asks.
    public enum Caller: Sendable, Hashable {
        /// A child of codex's, before its first program.
        case agentChild
        /// Was let in itself, or came from a process that was.
        case below(Admission, isSameProcess: Bool)
        /// Nobody knows where it comes from.
        case stranger

        /// codex itself, in a child that has started no program of its own yet.
        public var isAgent: Bool {
            switch self {
            case .agentChild, .below(.processSetup, isSameProcess: true): true
            case .below, .stranger: false
            }
        }
    }

    private let programs: ProgramList
    /// codex's executable and its file helper's argument, as the launcher is told to start them.
    private let fileHelper: [String]

    public init(programs: ProgramList, agentExecutable: String) {
        self.programs = programs
        fileHelper = [agentExecutable, "--codex-run-as-fs-helper"]
    }

    /// `call` is nil for what cannot be read: another system call than execve, another ABI, no UTF-8.
    public func judge(_ call: ExecCall?, from caller: Caller, _ grants: inout GrantTable, now: Double) -> Verdict {
        switch caller {
        case .agentChild, .below(.processSetup, isSameProcess: true):
            return judge(call, isFirst: caller == .agentChild, &grants, now: now)
        case .below(.granted(let thread, let call), _): return .admit(.granted(threadID: thread, callID: call))
        case .below(.launching(let launch), _): return judge(call, launching: launch)
        case .below(.fileHelper, _): return .admit(.fileHelper)
        case .below(.fileHelperLauncher, _): return judge(belowFileHelperLauncher: call)
        case .below(.listed(let name, let descendants), _):
            return judge(call, below: name, descendants)
        case .below(.processSetup, isSameProcess: false), .stranger:
            return refuse(call, "it comes from no process that may start anything")
        }
    }

    /// The launcher first tries out whether bubblewrap works, on `true`.
    private func judge(belowFileHelperLauncher call: ExecCall?) -> Verdict {
        guard let call else { return refuse(nil, "its arguments cannot be read") }
        if Array(call.arguments.suffix(2)).isIdentical(to: fileHelper) {
            return .awaitInput(isSandboxed: Self.isBubblewrap(call))
        }
        if Self.isCheck(call) { return .admit(Self.check) }
        return refuse(call, "a file helper's launcher may not start it")
    }

    /// A launcher tries out bubblewrap.
    private static func isCheck(_ call: ExecCall) -> Bool {
        isBubblewrap(call) && call.arguments.split(separator: "--", maxSplits: 1).last == ["/usr/bin/true"]
    }

    private static func isBubblewrap(_ call: ExecCall) -> Bool { call.arguments.first == "bwrap" }

    private static let check = Admission.listed(name: "the sandbox's check", .only([["/usr/bin/true"]]))

    /// codex's launcher starts bubblewrap, which makes the sandbox and starts codex's last step in it: from there on mounts
    /// and directory are what they will be.
    private func judge(_ call: ExecCall?, launching launch: Launch) -> Verdict {
        guard let call else { return refuse(nil, "its arguments cannot be read") }
        guard call.isAmongAgentMounts else { return .lookAt(launch, isLauncher: false) }
        if Self.isCheck(call), !launch.isFileHelper { return .admit(Self.check) }
        if Self.isBubblewrap(call) { return .admit(.launching(launch)) }
        return launch.mayDoWithoutSandbox
            ? .lookAt(launch, isLauncher: false)
            : refuse(call, "it would run without the sandbox, which nobody has allowed")
    }

    private func judge(_ call: ExecCall?, below name: String, _ descendants: ProgramList.Descendants) -> Verdict {
        switch descendants {
        case .any: return .admit(.listed(name: name, .any))
        case .only(let lines):
            if let call, lines.contains(where: { $0.isIdentical(to: [call.path] + call.arguments.dropFirst()) }) {
                return .admit(.listed(name: name, .none))
            }
        case .none: break
        }
        return refuse(call, "\(name) may not start it")
    }

    private func judge(_ call: ExecCall?, isFirst: Bool, _ grants: inout GrantTable, now: Double) -> Verdict {
        guard let call else { return refuse(nil, "its arguments cannot be read") }
        if isFirst, Self.isProcessSetup(call) { return .admit(.processSetup) }
        if isFirst, let program = programs.program(for: call) {
            return .admit(.listed(name: program.name, program.descendants))
        }
        let start: SandboxedStart
        do {
            let launcher = try SandboxLauncher(call)
            if launcher.command.isIdentical(to: fileHelper) { return .admit(.fileHelperLauncher) }
            start = SandboxedStart(
                threadID: call.threadID, sessionID: call.sessionID, callID: call.callID, command: launcher.command,
                path: nil, launcher: launcher)
        } catch .isNoLauncher {
            start = SandboxedStart(
                threadID: call.threadID, sessionID: call.sessionID, callID: call.callID, command: call.arguments,
                path: call.path, launcher: nil)
        } catch {
            return refuse(call, "the sandbox's launcher is called in a way that is not known here (\(error))")
        }
        switch grants.take(start, now: now) {
        case .success(let grant):
            let launch = Launch(grant, isSandboxed: start.launcher != nil)
            return .lookAt(launch, isLauncher: start.launcher != nil)
        case .failure(let objection): return programs.keepsOut(call) ? .keepOut : refuse(call, objection.reason)
        }
    }

    /// `/proc/self/exe --codex-run-as-process-setup …`
    private static func isProcessSetup(_ call: ExecCall) -> Bool {
        call.isAgent && call.arguments.count > 1 && call.arguments[1] == "--codex-run-as-process-setup"
    }

    private func refuse(_ call: ExecCall?, _ reason: String) -> Verdict {
        .refuse(
            Refusal(
                threadID: call?.threadID, callID: call?.callID, command: call?.description ?? "a program",
                reason: reason))
    }
}

extension ExecGate.Verdict {
    public var isStop: Bool {
        switch self {
        case .keepOut, .refuse: true
        case .admit, .awaitInput, .lookAt: false
        }
    }

    /// For the log.
    public var word: String {
        switch self {
        case .admit(.processSetup): "setup"
        case .admit(.granted), .admit(.launching), .lookAt: "granted"
        case .admit(.fileHelperLauncher), .admit(.fileHelper), .awaitInput: "file helper"
        case .admit(.listed(let name, _)): name
        case .keepOut: "kept out"
        case .refuse: "refused"
        }
    }
}
