import Glibc

/// Identifies the program in `CODEX_BIN`.
public struct AgentIdentity: Sendable {
    /// The version that the program reports, for example `codex-cli 0.163.0`.
    public let version: String
    /// The programs that the process executes until it is codex.
    let chain: AgentChain

    /// Its description is a sentence with a remedy.
    public struct Unknown: Error, CustomStringConvertible {
        public let description: String
    }

    /// Runs `CODEX_BIN --version`. Returns nil for a program that is not codex and runs without a gate, if the
    /// configuration allows that. Throws ``Unknown`` if the codex program cannot be identified: it must not start
    /// without its gate.
    public static func find(_ configuration: AgentConfiguration, _ run: RunDirectory) async throws -> AgentIdentity? {
        let launch = configuration.versionLaunch(run: run)
        let result = try await OneShot.run(launch, patience: AgentProbe.patience)
        let path = configuration.executable
        switch result.status {
        case nil: throw Unknown(description: "\(path) --version did not answer within \(AgentProbe.patience).")
        case .killed(let signal)?: throw Unknown(description: "\(path) --version was killed by signal \(signal).")
        case .exited(let code)?:
            let line = result.output.split(whereSeparator: \.isNewline).last
            if code == 0, let line, line.hasPrefix("codex") {
                guard let fault = result.gate?.fault else {
                    let chain = try result.gate?.record?.chain() ?? AgentChain(programs: [path])
                    return AgentIdentity(version: String(line), chain: chain)
                }
                throw Unknown(description: fault)
            }
            guard !configuration.mayBeNoCodex else { return nil }
            let said =
                code == 0 ? line.map(String.init) ?? "nothing" : "\(line.map { "\($0), " } ?? "")exit code \(code)"
            throw Unknown(
                description: """
                    CODEX_BIN \(path) does not say which codex it is (--version: \(said)), so it is not started: what is not \
                    codex cannot be gated. Set CODEX_BIN to codex.
                    """)
        }
    }
}
