import Glibc
import NIOPosix

/// Runs a command in codex's sandbox before any thread may: where the sandbox cannot work (no user namespaces,
/// AppArmor) threads are refused.
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

    public struct NoVersion: Error, CustomStringConvertible {
        public let description: String
    }

    /// What the executable calls itself, `codex-cli 0.163.0` for instance; nil for a program that is not codex, which is not
    /// gated. Throws ``NoVersion`` where that cannot be told: what may be codex must not start without its gate.
    public func version() async throws -> String? {
        var launch = configuration.launch(listen: nil, run: run, trust: nil)
        launch.arguments = ["--version"]
        launch.gate = nil
        let result = try await NIOThreadPool.singleton.runIfActive { [launch] in
            try OneShot.run(launch, patience: AgentProbe.patience)
        }
        let path = configuration.executable
        switch result.status {
        case nil:
            throw NoVersion(description: "\(path) --version did not answer within \(AgentProbe.patience).")
        case .killed(let signal)?:
            throw NoVersion(description: "\(path) --version was killed by signal \(signal).")
        case .exited(let code)?:
            let line = result.output.split(whereSeparator: \.isNewline).last
            if code == 0, let line, line.hasPrefix("codex") { return String(line) }
            guard AgentExecutable.isNamedCodex(path) else { return nil }
            throw NoVersion(
                description: "\(path) --version does not say which codex it is: \(line ?? "exit code \(code)").")
        }
    }

    /// Why threads must be refused, as a sentence with a remedy; nil when the sandbox holds. A program that is not
    /// codex brings no `sandbox` command and is not probed.
    public func refusal() async throws -> String? {
        guard try await version() != nil else { return nil }
        return await tryOut()
    }

    /// As ``refusal()``, for what is known to be codex.
    func tryOut() async -> String? {
        let denied = "\(run.path)/owner"
        let outside = "\(configuration.codexHome)/.sre-agent-outside"
        let launch = configuration.sandboxLaunch(["/bin/sh", "-c", Self.script, "sh", denied, outside], run: run)
        let result: OneShot.Result
        do {
            result = try await NIOThreadPool.singleton.runIfActive {
                try OneShot.run(launch, patience: AgentProbe.patience)
            }
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
            let line = result.output.split(whereSeparator: \.isNewline).last.map(String.init) ?? "no answer"
            return "The sandbox cannot work on this machine, so no thread is opened (\(line)). \(Self.remedy)"
        }
    }

    static let remedy = """
        Allow unprivileged user namespaces: sysctl -w kernel.unprivileged_userns_clone=1 (Debian) or \
        sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu); in a container, let it make namespaces.
        """
}
