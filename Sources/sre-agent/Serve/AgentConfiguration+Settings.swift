import Agent
import Settings
import Glibc
import Relay
import Session

extension AgentConfiguration {
    init(
        _ settings: Settings, _ environment: AgentEnvironment, provider: @escaping @Sendable () -> ModelProvider?,
        refusal: String?, monitor: ExecMonitor?, toolProxy: HTTPToolProxy?
    ) {
        let programs = environment.programs
        self.init(
            executable: programs.codex, mayBeNoCodex: Self.mayBeNoCodex, codexHome: settings.codexHome,
            environment: environment.variables, workspace: settings.workspace, profiles: environment.profiles,
            unreadable: environment.unreadable, protectedPaths: environment.protectedPaths, provider: provider,
            gate: GateProgram(path: programs.gate, socket: environment.run.gateSocket, suffix: Hub.makeID()),
            toolProxy: toolProxy, user: programs.account.user, monitor: monitor, refusal: refusal,
            maximumMessageSize: settings.maximumMessageSize)
    }

    static var mayBeNoCodex: Bool { ProcessEnvironment.all[noCodexVariable] == "1" }

    /// For tests and benchmarks: `CODEX_BIN` may be a program that only speaks codex's protocol. This is not a setting:
    /// it is not read from a file and has no flag.
    static let noCodexVariable = "AGENT_IS_NOT_CODEX"

    /// The paths that no command of the agent may read.
    static func unreadable(_ settings: Settings, _ run: RunDirectory, _ programs: AgentPrograms) -> [String] {
        let directories = [settings.codexHome, settings.stateDirectory, codexSocketDirectory(programs.account.user)]
        let files = ["\(ProcessEnvironment.workingDirectory)/.env"] + keys(of: settings)
        // The sandbox cannot deny a symbolic link. Its target is denied, under every name.
        let all =
            (directories + files.flatMap { closed(along: $0, settings, programs) } + [run.path])
            .map(FileTree.target)
        // The sandbox cannot deny paths below a denied directory.
        return all.indices.filter { index in
            // Of two equal paths keep the first.
            !all.indices.contains {
                FileTree.contains(all[$0], all[index]) && ($0 < index || all[$0] != all[index])
            }
        }.map { all[$0] }
    }

    /// Files with keys, and the rules file, which no command may change.
    private static func keys(of settings: Settings) -> [String] {
        [settings.auditKey, settings.tls?.key, settings.rulesFile].compactMap(\.self)
    }

    /// The file, and the directories of the links that lead to it: a renewal may change any of them, as Kubernetes does
    /// with `..data` in the directory of a mounted secret.
    private static func closed(along file: String, _ settings: Settings, _ programs: AgentPrograms) -> [String] {
        var places: [String] = []
        var path = file
        for _ in 0..<40 {
            guard let link = FileTree.link(path) else { break }
            let parent = FileTree.parent(of: path)
            let name = "\(FileTree.target(of: parent))/\(path.split(separator: "/").last ?? "")"
            // The sandbox cannot deny the link itself.
            let place = closed(name, settings, programs)
            if place != name { places.append(place) }
            path = link.hasPrefix("/") ? link : "\(parent)/\(link)"
        }
        return places + [closed(FileTree.target(of: file), settings, programs)]
    }

    /// The file's directory, if commands need no other file in it. Denying only the file is not enough: the mask is
    /// lost when another file takes its name, as editors and certificate renewals do.
    private static func closed(_ file: String, _ settings: Settings, _ programs: AgentPrograms) -> String {
        let parent = FileTree.parent(of: file)
        let environment = ProcessEnvironment.all
        let needed =
            [
                settings.workspace, settings.codexHome, programs.codex, programs.gate, environment["HOME"] ?? "/root",
                "/etc",
                "/usr", "/tmp", "/var/lib", "/var/tmp", "/var/log", "/var/run", "/run", "/home", "/opt", "/srv", "/dev",
                "/proc",
            ] + [FileTree.realPath(settings.workspace), FileTree.realPath(programs.codex)].compactMap(\.self)
        guard parent != "/", FileTree.realPath(parent) == parent,
            !needed.contains(where: { FileTree.contains(parent, $0) })
        else { return file }
        return parent
    }

    /// The existing `.env` file if only the file itself is denied. nil if its directory is denied.
    static func envClosedAsFile(_ settings: Settings, _ programs: AgentPrograms) -> String? {
        let file = FileTree.target(of: "\(ProcessEnvironment.workingDirectory)/.env")
        return access(file, F_OK) == 0 && closed(file, settings, programs) == file ? file : nil
    }

    /// The directory in which codex actually creates its listening socket; the given path is a symbolic link. The
    /// temporary directory is writable for commands.
    static func codexSocketDirectory(_ user: AgentUser?) -> String {
        "\(ProcessEnvironment.all["TMPDIR"] ?? "/tmp")/codex-daemon-\(user?.uid ?? getuid())"
    }
}
