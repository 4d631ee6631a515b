import Agent
import Glibc
import Logging
import Settings

/// The checks of `doctor` that concern codex: its version, its configuration, the kernel's gate and the sandbox.
struct CodexCheckup {
    let settings: Settings

    func findings() async -> [Finding] {
        let path: String
        do {
            path = try CodexRuntime.find(settings.codexBinary)
        } catch {
            return [Finding(name: "codex", isGood: false, text: "\(error)")]
        }
        do {
            let logger = Logger(label: "sre-agent") { _ in SwiftLogNoOpLogHandler() }
            let programs = try AgentPrograms(settings, codex: path, logger: logger)
            try Directories.make(settings.stateDirectory, mode: 0o700)
            let run = try RunDirectory(below: settings.stateDirectory, for: programs.account.user)
            defer { run.remove() }
            // As the server does: the sandbox cannot be tested without it.
            try Directories.make(settings.codexHome, mode: 0o700)
            let environment: AgentEnvironment
            do {
                environment = try AgentEnvironment(settings, programs, run)
            } catch {
                return [Finding(name: "places", isGood: false, text: "\(error)")]
            }
            return try await findings(path, environment, logger)
        } catch {
            return [Finding(name: "state", isGood: false, text: "\(error)")]
        }
    }

    private func findings(_ path: String, _ environment: AgentEnvironment, _ logger: Logger) async throws -> [Finding] {
        let run = environment.run
        let kernelGate = KernelGate(settings, denied: environment.unreadable, logger: logger)
        let configuration = AgentConfiguration(
            settings, environment, provider: try provider(run, environment.programs), refusal: kernelGate.refusal,
            monitor: kernelGate.monitor(logger: logger) { _ in }, toolProxy: nil)
        let identity: AgentIdentity
        do {
            guard let found = try await AgentIdentity.find(configuration, run) else {
                return [Finding(name: "codex", isGood: false, text: "\(path) is not codex, so nothing gates it.")]
            }
            identity = found
        } catch {
            return [Finding(name: "codex", isGood: false, text: "\(error)")]
        }
        var findings = [Finding(name: "codex", isGood: true, text: "\(identity.version) at \(path)")]
        let check = await ConfigurationCheck(configuration, run, identity)
        if check.gateFault == nil { findings.append(check.finding) }
        findings += kernelGate.findings(check)
        // If codex cannot use its configuration, it does not get as far as the sandbox.
        if check.fault == nil { findings.append(await sandbox(SandboxProbe(configuration: configuration, run: run))) }
        return findings
    }

    /// The demo model receives no requests here, so no server listens for it.
    private func provider(_ run: RunDirectory, _ programs: AgentPrograms) throws -> @Sendable () -> ModelProvider? {
        guard settings.isDemo else { return Credentials.provider(settings) }
        let demo = try ModelProvider.demo(baseURL: "http://127.0.0.1:9", token: "", run, programs.account.user)
        return { demo }
    }

    private func sandbox(_ probe: SandboxProbe) async -> Finding {
        do {
            let refusal = try await probe.refusal()
            return Finding(name: "sandbox", isGood: refusal == nil, text: refusal ?? "holds")
        } catch {
            return Finding(name: "configuration", isGood: false, text: "\(error)")
        }
    }
}

extension ConfigurationCheck {
    fileprivate var finding: Finding {
        if let fault { return Finding(name: "configuration", isGood: false, text: fault) }
        let text =
            warnings.isEmpty
            ? "codex can use it" : "codex ignores part of its configuration: \(warnings.joined(separator: "; "))"
        return Finding(name: "configuration", isGood: true, text: text)
    }
}

extension KernelGate {
    /// Returns no finding for a gate that could not be tested.
    fileprivate func findings(_ check: ConfigurationCheck) -> [Finding] {
        func finding(_ isGood: Bool, _ text: String) -> [Finding] {
            [Finding(name: "kernel gate", isGood: isGood, text: text)]
        }
        switch self {
        case .present:
            if let fault = check.gateFault { return finding(false, fault) }
            return check.triedGate ? finding(true, "holds") : []
        case .missing(let fault): return finding(false, "\(fault) No thread is opened without it.")
        case .doneWithout(let fault):
            return finding(false, "\(fault) ALLOW_WITHOUT_KERNEL_GATE permits running without it.")
        }
    }
}
