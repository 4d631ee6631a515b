import Glibc
import Synchronization
public import Session

/// What the shared agent is started with, and what became of it since.
extension SharedAgent {
    /// How soon a fault is looked at again when no file has changed.
    private static let faultInterval: Duration = .seconds(10)

    /// Once for the same files: what codex said about itself stays true for the lives that follow.
    func prepare() async throws -> (AgentPreparation, AgentFiles) {
        let files = AgentFiles(configuration)
        if let known = state.withLock({ $0.preparation }), known.1 == files { return known }
        let preparation = try await AgentPreparation.run(configuration, run, onStdio: false)
        preparation.warn(logger)
        state.withLock { $0.preparation = (preparation, files) }
        return (preparation, files)
    }

    /// An agent that runs has its configuration in memory: when a file changes, another one is tried for a moment. Its
    /// threads go on, only new ones are refused. Runs until its task is cancelled.
    func followConfiguration(of agent: AgentID, _ preparation: AgentPreparation, asOf files: AgentFiles) async {
        guard preparation.version != nil else { return }
        var files = files
        while !Task.isCancelled {
            let isBad = state.withLock { $0.fault != nil }
            let hasChanged = await AgentFiles.pause(
                isBad ? Self.faultInterval : .seconds(3_600), since: files, configuration)
            guard hasChanged || isBad else { continue }
            files = AgentFiles(configuration)
            let fault = await fault(preparation)
            guard !Task.isCancelled else { return }
            state.withLock { if $0.current?.info.id == agent { $0.fault = fault } }
            tellRefused()
        }
    }

    private func fault(_ preparation: AgentPreparation) async -> String? {
        do {
            return try await AgentPreparation.ask(configuration, run, preparation.chain) {
                try $0.gateFault(trust: preparation.trust, preparation.configured)
            }
        } catch {
            return "\(error)"
        }
    }

    func tellRefused() {
        let (observer, refused) = state.withLock { state in
            let refused = state.threadsRefused
            // That there is no agent is said by its status.
            guard state.current != nil, refused != state.refused else {
                return (nil as (@Sendable (String?) -> Void)?, refused)
            }
            state.refused = refused
            return (state.refusalObserver, refused)
        }
        observer?(refused)
    }

    public func startedMisconfigured(_ agent: AgentID, _ sentence: String) {
        state.withLock { $0.preparation = nil }
        end(agent, because: sentence)
    }

    /// `reason` is a sentence for people.
    func end(_ agent: AgentID, because reason: String) {
        let child = state.withLock { state -> ChildProcess? in
            guard state.lives == agent.value else { return nil }
            state.ended = (agent.value, reason)
            return state.child
        }
        child?.signalGroup(SIGKILL)
    }
}
