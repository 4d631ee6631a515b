import JSON

/// Decides which programs may start below one codex process. It works in the kernel, below the hook: whatever happens
/// to the hook, a program without a grant does not start.
///
/// A pure state machine. Its owner reads the kernel's seccomp notifications and answers each at once.
public struct ExecGate: Sendable {
    /// What an admitted process may start next.
    public enum Admission: Sendable, Hashable {
        /// codex's own step before a command. The program that replaces it is judged like a child of codex.
        case processSetup
        /// A granted command. Everything that it starts runs inside the granted sandbox, or outside with a person's
        /// approval. Has the thread and call ids if codex sets them.
        case granted(threadID: String?, callID: String?)
        /// codex's launcher and bubblewrap, on the way into the sandbox. The final program starts after the sandbox has
        /// been inspected from inside.
        case launching(Launch)
        /// The launcher of codex's file helper. It may start nothing until the helper's standard input has been
        /// checked.
        case fileHelperLauncher
        /// A file helper whose input was allowed.
        case fileHelper
        case listed(name: String, ProgramList.Descendants)
    }

    /// The admission that a process receives once its directory and sandbox have been verified.
    public struct Launch: Sendable, Hashable {
        public let threadID: String?
        public let callID: String?
        /// One of these must match.
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

        /// The process's admission after the inspection.
        public var admission: Admission {
            isFileHelper ? .fileHelper : .granted(threadID: threadID, callID: callID)
        }

        /// Whether the program may start in codex's own mount namespace, without a sandbox.
        public var mayDoWithoutSandbox: Bool { confinements.contains { $0.writable == nil } }
    }

    public enum Verdict: Sendable, Hashable {
        case admit(Admission)
        /// The program starts if ``Confinement/objection(to:shared:identify:)``, or for a launcher
        /// ``Confinement/objection(toLauncher:identify:resolve:)``, returns nil.
        case lookAt(Launch, isLauncher: Bool)
        /// A file helper or its bubblewrap: it starts once its input is known and allowed.
        case awaitInput(isSandboxed: Bool)
        /// Refused on purpose, without an alarm.
        case keepOut
        case refuse(Refusal)
    }

    public struct Refusal: Sendable, Hashable {
        public let threadID: String?
        public let callID: String?
        /// The command line, for messages.
        public let command: String
        /// Part of a sentence that says why.
        public let reason: String

        public init(threadID: String?, callID: String?, command: String, reason: String) {
            self.threadID = threadID
            self.callID = callID
            self.command = command
            self.reason = reason
        }
    }

    /// The process that makes the call.
    public enum Caller: Sendable, Hashable {
        /// A child of codex before its first execve.
        case agentChild
        /// An admitted process, or a descendant of one.
        case below(Admission, isSameProcess: Bool)
        /// A process of unknown origin.
        case stranger

        /// Whether the process still runs codex's own code, in a child that has not started another program.
        public var isAgent: Bool {
            switch self {
            case .agentChild, .below(.processSetup, isSameProcess: true): true
            case .below, .stranger: false
            }
        }
    }

    private let programs: ProgramList
    /// codex's executable and its file helper's argument, as the launcher receives them.
    private let fileHelper: [String]

    public init(programs: ProgramList, agentExecutable: String) {
        self.programs = programs
        fileHelper = [agentExecutable, "--codex-run-as-fs-helper"]
    }

    /// `call` is nil if it cannot be read: a system call other than execve, another ABI, or not UTF-8.
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

    /// The launcher first tests bubblewrap by running `true`.
    private func judge(belowFileHelperLauncher call: ExecCall?) -> Verdict {
        guard let call else { return refuse(nil, "its arguments cannot be read") }
        if Array(call.arguments.suffix(2)).isIdentical(to: fileHelper) {
            return .awaitInput(isSandboxed: Self.isBubblewrap(call))
        }
        if Self.isCheck(call) { return .admit(Self.check) }
        return refuse(call, "a file helper's launcher may not start it")
    }

    /// Whether a launcher is testing bubblewrap.
    private static func isCheck(_ call: ExecCall) -> Bool {
        isBubblewrap(call) && call.arguments.split(separator: "--", maxSplits: 1).last == ["/usr/bin/true"]
    }

    private static func isBubblewrap(_ call: ExecCall) -> Bool { call.arguments.first == "bwrap" }

    private static let check = Admission.listed(name: "the sandbox's check", .only([["/usr/bin/true"]]))

    /// codex's launcher starts bubblewrap, which creates the sandbox and starts codex's last step in it. From then on
    /// the mounts and the directory are final.
    private func judge(_ call: ExecCall?, launching launch: Launch) -> Verdict {
        guard let call else { return refuse(nil, "its arguments cannot be read") }
        guard call.isAmongAgentMounts else { return .lookAt(launch, isLauncher: false) }
        if Self.isCheck(call), !launch.isFileHelper { return .admit(Self.check) }
        if Self.isBubblewrap(call) { return .admit(.launching(launch)) }
        return launch.mayDoWithoutSandbox
            ? .lookAt(launch, isLauncher: false)
            : refuse(call, "it would run without the sandbox, which was not approved")
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
            // An administrator's program may have any environment.
            if program.descendants != .any, let variable = call.foreignCode {
                return refuse(
                    call,
                    "\(variable) would make it run other code first: remove it from the server's environment and from "
                        + "CODEX_HOME/.env")
            }
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

    /// A short word for the log.
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
