import NIOPosix
import Session

/// What must be known before an agent is started for work.
struct AgentPreparation: Sendable {
    /// What codex calls itself; nil for a program that is not codex.
    let version: String?
    /// How `CODEX_BIN` becomes codex; nil for a program that is not codex, and is not gated.
    let chain: AgentChain?
    /// The hashes under which codex trusts the gate's hooks, by their keys; empty hashes for a program that is not codex
    /// and has none.
    let trust: [String: String]
    /// What codex's configuration has it start.
    let configured: ConfiguredPrograms
    /// Why no thread may be opened; nil when threads may be.
    let refusal: String?

    private static let unknown = Dictionary(uniqueKeysWithValues: GateProof.keys.map { ($0, "") })

    /// `onStdio` says that there will be no process whose start shows whether it starts.
    /// Throws what keeps an agent from starting at all.
    static func run(_ configuration: AgentConfiguration, _ run: RunDirectory, onStdio: Bool) async throws
        -> AgentPreparation
    {
        guard let identity = try await AgentIdentity.find(configuration, run) else {
            if onStdio { try await ask(configuration, run, nil) { try $0.answers() } }
            return AgentPreparation(version: nil, chain: nil, trust: Self.unknown, configured: .none, refusal: nil)
        }
        let answer = try await ask(configuration, run, identity.chain) { try $0.answer() }
        let configured = await answer.configured.behind(configuration.toolProxy)
        let refusal =
            if let refusal = configuration.refusal ?? answer.refusal {
                refusal
            } else {
                await SandboxProbe(configuration: configuration, run: run).refusal()
            }
        return AgentPreparation(
            version: identity.version, chain: identity.chain, trust: answer.trust, configured: configured,
            refusal: refusal)
    }

    static func ask<Answer: Sendable>(
        _ configuration: AgentConfiguration, _ run: RunDirectory, _ chain: AgentChain?,
        _ question: @escaping @Sendable (AgentProbe) throws -> Answer
    ) async throws -> Answer {
        try await Cancellation.following { cancellation in
            try await NIOThreadPool.singleton.runIfActive {
                try question(
                    AgentProbe(configuration: configuration, run: run, chain: chain, cancellation: cancellation))
            }
        }
    }
}
