import Glibc
import Session

/// Runs a command in codex's sandbox before any thread may do so. If the sandbox cannot work (no user namespaces,
/// AppArmor), threads are refused.
public struct SandboxProbe: Sendable {
    let configuration: AgentConfiguration
    let run: RunDirectory

    public init(configuration: AgentConfiguration, run: RunDirectory) {
        self.configuration = configuration
        self.run = run
    }

    /// Exit codes of the probe's own script.
    private enum Code {
        static let deniedFileReadable: Int32 = 11
        static let outsideWritable: Int32 = 12
    }

    private static let script = """
        cat "$1" >/dev/null 2>&1 && exit \(Code.deniedFileReadable)
        (echo x > "$2") 2>/dev/null && exit \(Code.outsideWritable)
        exit 0
        """

    /// Why threads must be refused, as a sentence with a remedy; nil if the sandbox works. Only for codex, since other
    /// programs have no `sandbox` command. Throws if codex cannot use its configuration, which says nothing about the
    /// sandbox.
    public func refusal() async throws -> String? {
        let denied = "\(run.path)/owner"
        let outside = "\(configuration.codexHome)/.sre-agent-outside"
        let launch = configuration.sandboxLaunch(["/bin/sh", "-c", Self.script, "sh", denied, outside], run: run)
        let result: OneShot.Result
        do {
            result = try await OneShot.run(launch, patience: AgentProbe.patience)
        } catch {
            return "The sandbox could not be tried: \(error)."
        }
        switch result.status {
        case .exited(code: 0): return nil
        case .exited(code: Code.deniedFileReadable):
            return "The sandbox lets commands read the server's own files, so no thread is opened."
        case .exited(code: Code.outsideWritable):
            unlink(outside)
            return "The sandbox lets commands write outside the workspace, so no thread is opened."
        default:
            return try Self.refusal(output: result.output)
        }
    }

    /// The refusal for a sandbox that did not get to run the script.
    static func refusal(output: String) throws -> String {
        let lines = output.split(whereSeparator: \.isNewline)
        // codex's own errors begin with this prefix; their cause and a stack trace follow.
        if let error = lines.first(where: { $0.hasPrefix(errorLead) }) {
            let fault = ConfigurationFault(String(error.dropFirst(errorLead.count)))
            if fault.file != nil { throw AgentProbe.Failed(fault) }
            return "The sandbox could not be tried, so no thread is opened: codex says \"\(fault.message)\"."
        }
        guard let last = lines.last else {
            return "The sandbox could not be tried, so no thread is opened: codex gave no answer."
        }
        return "The sandbox cannot work on this machine, so no thread is opened (\(last)). \(remedy)"
    }

    private static let errorLead = "Error: "

    static let remedy = """
        Allow unprivileged user namespaces: sysctl -w kernel.unprivileged_userns_clone=1 (Debian) or \
        sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu); in a container, let it make namespaces.
        """
}
