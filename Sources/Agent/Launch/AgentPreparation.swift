import Logging
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
    /// What codex leaves out of its configuration, a line each.
    let warnings: [String]

    private static let unknown = Dictionary(uniqueKeysWithValues: GateProof.keys.map { ($0, "") })

    /// `onStdio` says that there will be no process whose start shows whether it starts.
    /// Throws what keeps an agent from starting at all.
    static func run(_ configuration: AgentConfiguration, _ run: RunDirectory, onStdio: Bool) async throws
        -> AgentPreparation
    {
        guard let identity = try await AgentIdentity.find(configuration, run) else {
            if onStdio { try await ask(configuration, run, nil) { try $0.answers() } }
            return AgentPreparation(
                version: nil, chain: nil, trust: Self.unknown, configured: .none, refusal: nil, warnings: [])
        }
        var answer = try await ask(configuration, run, identity.chain) { try $0.answer() }
        answer.configured = await answer.configured.behind(configuration.toolProxy)
        var refusal = configuration.refusal ?? answer.refusal
        if refusal == nil { refusal = try await SandboxProbe(configuration: configuration, run: run).refusal() }
        if refusal == nil, onStdio {
            refusal = try await ask(configuration, run, identity.chain) { [answer] in
                try $0.gateFault(trust: answer.trust, answer.configured)
            }
        }
        return AgentPreparation(
            version: identity.version, chain: identity.chain, trust: answer.trust, configured: answer.configured,
            refusal: refusal, warnings: answer.warnings)
    }

    func warn(_ logger: Logger) {
        for warning in warnings {
            logger.warning("codex leaves out a part of its configuration: \(warning)")
        }
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
