import Logging
import NIOPosix
import Session

/// The data needed before an agent is started for sessions.
struct AgentPreparation: Sendable {
    /// The version that codex reports; nil for a program that is not codex.
    let version: String?
    /// How `CODEX_BIN` becomes codex; nil for a program that is not codex and runs without a gate.
    let chain: AgentChain?
    /// The hashes with which codex trusts the gate's hooks, by hook key; empty strings for a program that is not codex
    /// and has no hashes.
    let trust: [String: String]
    /// The programs that codex's configuration makes it start.
    let configured: ConfiguredPrograms
    /// Why no thread may be opened; nil if threads are allowed.
    let refusal: String?
    /// The parts of its configuration that codex ignores, one per element.
    let warnings: [String]

    private static let unknown = Dictionary(uniqueKeysWithValues: GateProof.keys.map { ($0, "") })

    /// Pass `onStdio` if no shared process will be started that would show whether the agent starts. Throws the reason
    /// why an agent cannot start at all.
    static func run(_ configuration: AgentConfiguration, _ run: RunDirectory, onStdio: Bool) async throws
        -> AgentPreparation
    {
        if let fault = ConfigurationFiles.fault(inHome: configuration.codexHome) { throw AgentProbe.Failed(fault) }
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
            logger.warning("codex ignores part of its configuration: \(warning)")
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
