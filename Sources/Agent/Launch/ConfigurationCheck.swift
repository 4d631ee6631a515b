/// Asks codex, once, whether it can use its configuration.
public struct ConfigurationCheck: Sendable {
    /// A sentence that names the file, the line and the remedy; nil when codex can use it.
    public let fault: String?
    /// What codex leaves out of it, a line each.
    public let warnings: [String]

    /// Starts codex for a moment. `configuration` is the server's.
    public init(_ configuration: AgentConfiguration, _ run: RunDirectory, _ identity: AgentIdentity) async {
        do {
            let answer = try await AgentPreparation.ask(configuration, run, identity.chain) { try $0.answer() }
            (fault, warnings) = (answer.refusal, answer.warnings)
        } catch {
            (fault, warnings) = ("\(error)", [])
        }
    }
}
