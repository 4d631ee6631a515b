/// Starts codex once as the server does, and reports problems with codex's configuration and the kernel's gate.
public struct ConfigurationCheck: Sendable {
    /// A sentence that names the file, the line and the remedy; nil if codex can use its configuration.
    public let fault: String?
    /// The parts of its configuration that codex ignores, one per element.
    public let warnings: [String]
    /// Why the gate is not effective for this agent, as a sentence; nil if it is, or if it could not be tested.
    public let gateFault: String?
    /// Whether codex got far enough for the gate to be tested.
    public let triedGate: Bool

    /// Starts codex briefly. `configuration` is the server's.
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
