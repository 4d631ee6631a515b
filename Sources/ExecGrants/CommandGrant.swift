import JSON

/// Allows one process to start: a command that a person, a rule or the thread's mode has approved.
public struct CommandGrant: Sendable, Hashable {
    /// The granted program, as codex will start it.
    public enum Program: Sendable, Hashable {
        /// A shell script. codex chooses the shell, and whether it is a login shell, unless `shells` is different from
        /// the default.
        case script(String, shells: [Shell])
        /// A command line that a client requested itself.
        case commandLine([String])
    }

    /// The command words before the script.
    public struct Shell: Sendable, Hashable {
        public let path: String
        public let isLogin: Bool

        public init(path: String, isLogin: Bool) {
            self.path = path
            self.isLogin = isLogin
        }

        /// codex's choice if a call names no shell: the user's shell if that is bash, otherwise the first bash in PATH.
        public static func bash(isLogin: Bool) -> [Shell] {
            ["/bin/bash", "/usr/bin/bash"].map { Shell(path: $0, isLogin: isLogin) }
        }

        public static let codexDefaults = bash(isLogin: true)

        var words: [String] { [path, isLogin ? "-lc" : "-c"] }
    }

    /// codex's ids of the thread and the call, as in the environment of the program that it starts. nil if codex sets
    /// none, as for programs that a client starts itself.
    public let threadID: String?
    public let callID: String?
    /// The turn that the call belongs to. An unused grant expires at its end.
    public let turnID: String?
    public let program: Program
    /// nil if unknown.
    public let directory: String?
    public var width: SandboxWidth
    public let mayUseNetwork: Bool
    /// Whether the command may run without codex's sandbox.
    public var mayLeaveSandbox: Bool
    /// The actual directory and writable paths, links resolved. `directory` is only codex's name for the directory.
    public var confinement: Confinement

    public init(
        threadID: String?, callID: String?, turnID: String? = nil, program: Program, directory: String?,
        width: SandboxWidth,
        mayUseNetwork: Bool, mayLeaveSandbox: Bool, confinement: Confinement = .none
    ) {
        self.threadID = threadID
        self.callID = callID
        self.turnID = turnID
        self.program = program
        self.directory = directory
        self.width = width
        self.mayUseNetwork = mayUseNetwork
        self.mayLeaveSandbox = mayLeaveSandbox
        self.confinement = confinement
    }

    /// A review runs in a thread of its own. codex gives its hook only the session id, so that may match as well.
    func isFor(_ start: SandboxedStart) -> Bool {
        callID == start.callID && (threadID == start.threadID || threadID != nil && threadID == start.sessionID)
    }

    /// Why `start` is not the granted command; nil if it is. Every sandbox profile must deny all paths in `denied`.
    func objection(to start: SandboxedStart, denied: Set<String>) -> String? {
        guard isProgram(start) else { return "another command was allowed" }
        guard let launcher = start.launcher else {
            return mayLeaveSandbox ? nil : "it would run without the sandbox, which was not approved"
        }
        if let directory, !directory.isIdentical(to: launcher.directory) {
            return "it was allowed in another directory, \(directory)"
        }
        guard launcher.profile.denied.isSuperset(of: denied) else {
            return "its sandbox would leave files readable that no command may read"
        }
        // A command that may leave the sandbox runs in a wider one; denied paths stay denied.
        if mayLeaveSandbox { return nil }
        guard launcher.profile.width <= width else {
            return "its sandbox would be wider than the one that was allowed"
        }
        guard mayUseNetwork || !launcher.profile.hasNetwork else {
            return "it would have network access, which was not approved"
        }
        return nil
    }

    private func isProgram(_ start: SandboxedStart) -> Bool {
        switch program {
        case .commandLine(let line):
            // codex looks a name up in PATH, and makes a relative path absolute.
            guard start.command.isIdentical(to: line), let name = line.first else { return false }
            return start.path.map { $0.isIdentical(to: name) || (!name.hasPrefix("/") && $0.hasSuffix("/\(name)")) }
                ?? true
        case .script(let text, let shells):
            guard start.command.count == 3, start.command[2].isIdentical(to: text) else { return false }
            return shells.contains {
                $0.words.isIdentical(to: Array(start.command[..<2])) && start.path?.isIdentical(to: $0.path) ?? true
            }
        }
    }
}

/// A program that codex is about to start for a call, with or without the sandbox launcher.
struct SandboxedStart {
    let threadID: String?
    let sessionID: String?
    let callID: String?
    /// The program's arguments, beginning with its name.
    let command: [String]
    /// The file to be executed; nil if the launcher looks it up.
    let path: String?
    /// nil for a program outside the sandbox.
    let launcher: SandboxLauncher?
}
