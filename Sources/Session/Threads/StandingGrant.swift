import JSON

extension ThreadRecord {
    /// A call that was approved for the rest of the thread: the same bytes in the same directory, by name and by
    /// resolved path, with the same arguments, in the same sandbox, shown in the same way. A patch that would delete or
    /// replace other content than was shown is another patch.
    struct StandingGrant: Sendable, Hashable {
        private let call: JSONValue
        private let place: CallPlace
        private let sandbox: SandboxMode
        private let shown: HookQuestion
        private let hasNetwork: Bool
        private let beyond: BeyondSandbox.Sum

        /// nil for a command if it is not known where or how it runs. `beyond`: what the call may do beyond the sandbox
        /// of the thread's mode.
        init?(
            _ input: HookInput, at place: CallPlace, in mode: ThreadMode, shown: HookQuestion,
            beyond: BeyondSandbox.Sum
        ) {
            guard let directory = input.directory.path else { return nil }
            let isShell = input.toolName == "Bash"
            guard let arguments = isShell ? input.arguments : [:] else { return nil }
            call = [.string(input.toolName), input.toolInput, .string(directory), .object(arguments)]
            self.place = place
            self.shown = shown
            self.beyond = beyond
            sandbox = mode.sandbox
            hasNetwork = mode.hasNetwork
        }
    }

    /// The person's answer that a standing grant is based on.
    struct StandingBasis: Sendable, Hashable {
        let client: ClientContext
        let requestID: String
        let actor: String?
        let actorID: String?
        let role: String?
        let at: Milliseconds
    }

    /// What a person has let a thread's commands do beyond its sandbox. codex does not take that back when the person's
    /// approval ends, so from then on each call is asked.
    struct BeyondSandbox: Sendable {
        let permissions: Set<JSONValue>
        /// Paths with links resolved; nil if the permissions concern no files.
        let writable: [String]?
        /// The turn that it is for; nil for the rest of the thread.
        let turnID: String?
        let basis: StandingBasis
        var hasEnded = false

        /// What several persons have given.
        struct Sum: Sendable, Hashable {
            var all: Set<JSONValue> = []
            /// What nobody stands for any more.
            var ended: Set<JSONValue> = []
        }
    }

    func beyondSandbox(inTurn turnID: String) -> [BeyondSandbox] {
        beyondSandbox.filter { $0.turnID == nil || $0.turnID == turnID }
    }
}
