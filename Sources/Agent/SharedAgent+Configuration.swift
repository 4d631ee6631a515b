import Glibc
import Synchronization
public import Session

/// The shared agent's configuration, and the changes to it since the start.
extension SharedAgent {
    /// How soon a fault is checked again if no file has changed.
    private static let faultInterval: Duration = .seconds(10)

    /// Runs once for unchanged files: the result stays valid for the agent's next lives.
    func prepare() async throws -> (AgentPreparation, AgentFiles) {
        let files = AgentFiles(configuration)
        if let known = state.withLock({ $0.preparation }), known.1 == files { return known }
        let preparation = try await AgentPreparation.run(configuration, run, onStdio: false)
        preparation.warn(logger)
        state.withLock { $0.preparation = (preparation, files) }
        return (preparation, files)
    }

    /// A running agent keeps its configuration in memory, so a trial agent is started when a file changes. Existing
    /// threads continue; only new ones are refused. Runs until its task is cancelled.
    func followConfiguration(of agent: AgentID, _ preparation: AgentPreparation, asOf files: AgentFiles) async {
        guard preparation.version != nil else { return }
        let filesAtStart = files
        var files = files
        while !Task.isCancelled {
            let isBad = state.withLock { $0.fault != nil }
            let hasChanged = await AgentFiles.pause(
                isBad ? Self.faultInterval : .seconds(3_600), since: files, configuration)
            guard hasChanged || isBad else { continue }
            files = AgentFiles(configuration)
            if files.hasOtherPrograms(than: filesAtStart) { return programsWereReplaced(of: agent) }
            let fault = await fault(preparation)
            guard !Task.isCancelled else { return }
            state.withLock { if $0.current?.info.id == agent { $0.fault = fault } }
            tellRefused()
        }
    }

    /// The running agent opens no more threads for clients that connect from now on.
    private func programsWereReplaced(of agent: AgentID) {
        let reason = """
            \(configuration.executable) or the gate's program has been replaced while the agent runs, so no command can \
            start. Restart the server.
            """
        state.withLock { state in
            guard let current = state.current, current.info.id == agent else { return }
            let info = AgentInfo(
                id: agent, proof: current.info.proof, threadsRefused: reason, isShared: current.info.isShared)
            state.current = (info, current.socket)
        }
        tellRefused()
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
        let (refused, isNews) = state.withLock { state in
            let refused = state.threadsRefused
            // The status already reports a missing agent.
            guard state.current != nil, refused != state.refused else { return (refused, false) }
            state.refused = refused
            return (refused, true)
        }
        if isNews { observer.threadsRefused(refused) }
    }

    public func startedMisconfigured(_ agent: AgentID, _ sentence: String) {
        state.withLock { $0.preparation = nil }
        end(agent, because: sentence)
    }

    /// `reason` is a sentence shown to users.
    func end(_ agent: AgentID, because reason: String) {
        let child = state.withLock { state -> ChildProcess? in
            guard state.lives == agent.value else { return nil }
            state.ended = (agent.value, reason)
            return state.child
        }
        child?.signalGroup(SIGKILL)
    }
}
