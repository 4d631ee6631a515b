import NIOPosix

/// What must be known before an agent is started for work.
struct AgentPreparation: Sendable {
    /// What codex calls itself; nil for a program that is not codex.
    let version: String?
    /// Under which codex trusts the gate's hook; empty for a program that is not codex and has none.
    let trustedHash: String
    /// Why no thread may be opened; nil when threads may be.
    let refusal: String?

    /// `onStdio` says that there will be no process whose start shows whether it starts.
    /// Throws what keeps an agent from starting at all.
    static func run(_ configuration: AgentConfiguration, _ run: RunDirectory, onStdio: Bool) async throws
        -> AgentPreparation
    {
        let probe = SandboxProbe(configuration: configuration, run: run)
        guard let version = await probe.version() else {
            if onStdio { try await ask(configuration, run) { try $0.answers() } }
            return AgentPreparation(version: nil, trustedHash: "", refusal: nil)
        }
        let hash = try await ask(configuration, run) { try $0.trustedHash() }
        return AgentPreparation(version: version, trustedHash: hash, refusal: await probe.tryOut())
    }

    private static func ask<Answer: Sendable>(
        _ configuration: AgentConfiguration, _ run: RunDirectory,
        _ question: @escaping @Sendable (AgentProbe) throws -> Answer
    ) async throws -> Answer {
        try await Cancellation.following { cancellation in
            try await NIOThreadPool.singleton.runIfActive {
                try question(AgentProbe(configuration: configuration, run: run, cancellation: cancellation))
            }
        }
    }
}
