import CProcess
import Glibc

/// Tests the kernel's exec gate before any agent starts.
public enum KernelGateProbe {
    /// Why the gate does not work on this machine, as a sentence; nil if it works. Runs `/bin/true` under its own gate,
    /// which takes a few milliseconds; blocks.
    public static func fault() -> String? {
        switch attempt(isAllowed: false) {
        case .exited(let code) where code == 126 || code == 127: break
        case .failed(let error): return sentence(error)
        default: return "The kernel let a program start that the gate had refused."
        }
        switch attempt(isAllowed: true) {
        case .exited(0): return nil
        case .failed(let error): return sentence(error)
        default: return "The kernel's gate stopped a program that it had let start."
        }
    }

    private enum Outcome {
        case exited(Int32)
        case failed(Int32)
        case unclear
    }

    /// Runs a shell that starts one program, which the gate allows or refuses.
    private static func attempt(isAllowed: Bool) -> Outcome {
        guard let null = try? Null.open() else { return .failed(errno) }
        defer { Null.close(null) }
        let outcome = cprocess_try_exec_filter(null, isAllowed ? 1 : 0)
        return outcome < 0 ? .failed(-outcome) : outcome < 256 ? .exited(outcome) : .unclear
    }

    private static func sentence(_ error: Int32) -> String {
        let why =
            switch error {
            case EBUSY: "another program above this one watches its system calls already, as some container runtimes do"
            case EINVAL, ENOSYS: "this kernel has no seccomp user notification, which needs Linux 5.5"
            case EPERM, EACCES: "system calls may not be watched, or memory of own children may not be read, here"
            default: String(cString: strerror(error))
            }
        return "The kernel's gate does not work on this machine: \(why)."
    }
}
