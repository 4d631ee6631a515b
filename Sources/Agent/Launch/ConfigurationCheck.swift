/// Starts codex once as the server does, and says what it makes of its configuration and of the kernel's gate.
public struct ConfigurationCheck: Sendable {
    /// A sentence that names the file, the line and the remedy; nil when codex can use its configuration.
    public let fault: String?
    /// What codex leaves out of it, a line each.
    public let warnings: [String]
    /// Why the gate around this agent does not hold, as a sentence; nil when it holds, and where it could not be tried.
    public let gateFault: String?
    /// Did codex come so far that the gate could be tried?
    public let triedGate: Bool

    /// Starts codex for a moment. `configuration` is the server's.
    public init(_ configuration: AgentConfiguration, _ run: RunDirectory, _ identity: AgentIdentity) async {
        do {
            let answer = try await AgentPreparation.ask(configuration, run, identity.chain) { try $0.answer() }
            (fault, warnings, gateFault, triedGate) = (answer.refusal, answer.warnings, nil, true)
        } catch let failure as AgentProbe.Failed where failure.isOfGate {
            (fault, warnings, gateFault, triedGate) = (nil, [], failure.description, true)
        } catch {
            (fault, warnings, gateFault, triedGate) = ("\(error)", [], nil, false)
        }
    }
}
