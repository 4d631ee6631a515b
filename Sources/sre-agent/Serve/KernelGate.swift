import Agent
import Logging
import Settings

/// The kernel's part of the gate: present, missing although required, or missing with permission to run without it.
enum KernelGate {
    case present(ProgramGrants)
    /// Why it is missing, as a sentence. Threads are refused.
    case missing(String)
    /// Missing, but `ALLOW_WITHOUT_KERNEL_GATE` is set.
    case doneWithout(String)

    /// `denied` lists the paths that no sandbox may leave readable.
    init(_ settings: Settings, denied: [String], logger: Logger) {
        guard let fault = KernelGateProbe.fault() else {
            self = .present(ProgramGrants(denied: denied))
            return
        }
        self = settings.allowsWithoutKernelGate ? .doneWithout(fault) : .missing(fault)
        if settings.allowsWithoutKernelGate {
            logger.warning(
                "the kernel's gate is missing, and ALLOW_WITHOUT_KERNEL_GATE lets threads be opened without it: a command, patch or tool call may run unapproved when the gate's hook and its verifier are killed together; programs that a repository's git configuration names, and login files, may run outside the sandbox",
                metadata: ["why": "\(fault)"])
        }
    }

    var grants: ProgramGrants? { if case .present(let grants) = self { grants } else { nil } }

    /// nil if the kernel's part is missing.
    func monitor(logger: Logger, onStopped: @escaping ExecMonitor.Observer) -> ExecMonitor? {
        grants.map {
            ExecMonitor(grants: $0, environment: ProcessEnvironment.all, logger: logger, onStopped: onStopped)
        }
    }

    /// Why no thread may be opened; nil if threads are allowed.
    var refusal: String? {
        guard case .missing(let fault) = self else { return nil }
        return "\(fault) No thread is opened without it, unless ALLOW_WITHOUT_KERNEL_GATE=1."
    }
}
