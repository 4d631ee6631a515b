import JSON

/// Allows one process to start: a command that a person, a rule or the thread's mode has approved.
public struct CommandGrant: Sendable, Hashable {
    /// What is granted, as codex will start it.
    public enum Program: Sendable, Hashable {
        /// A text for the shell. Which one, and whether as a login shell, is codex's default unless `shells` names others.
        case script(String, shells: [Shell])
        /// A command line that a client has asked for itself.
        case commandLine([String])
    }

    /// The words before the text of a script.
    public struct Shell: Sendable, Hashable {
        public let path: String
        public let isLogin: Bool

        public init(path: String, isLogin: Bool) {
            self.path = path
            self.isLogin = isLogin
        }

        /// What codex uses when a call names none: the user's shell if that is bash, else the first bash in PATH.
        public static func bash(isLogin: Bool) -> [Shell] {
            ["/bin/bash", "/usr/bin/bash"].map { Shell(path: $0, isLogin: isLogin) }
        }

        public static let codexDefaults = bash(isLogin: true)

        var words: [String] { [path, isLogin ? "-lc" : "-c"] }
    }

    /// codex's names of the thread and the call, as they stand in the environment of what it starts. Nil where it gives
    /// none: for what a client starts itself.
    public let threadID: String?
    public let callID: String?
    /// The turn that the call belongs to; what was not used by its end is void.
    public let turnID: String?
    public let program: Program
    /// Nil when nobody can tell.
    public let directory: String?
    public var width: SandboxWidth
    public let mayUseNetwork: Bool
    /// May it run without codex's sandbox at all?
    public var mayLeaveSandbox: Bool
    /// Where it really runs and may write, links resolved: `directory` is only what codex calls it.
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

    /// A review runs in a thread of its own, which codex does not tell its hook: it asks for the session.
    func isFor(_ start: SandboxedStart) -> Bool {
        callID == start.callID && (threadID == start.threadID || threadID != nil && threadID == start.sessionID)
    }

    /// Nil when this is what was granted, else why not. `denied` is what no profile may leave readable.
    func objection(to start: SandboxedStart, denied: Set<String>) -> String? {
        guard isProgram(start) else { return "another command was allowed" }
        guard let launcher = start.launcher else {
            return mayLeaveSandbox ? nil : "it would run without the sandbox, which nobody has allowed"
        }
        if let directory, !directory.isIdentical(to: launcher.directory) {
            return "it was allowed in another directory, \(directory)"
        }
        guard launcher.profile.denied.isSuperset(of: denied) else {
            return "its sandbox would leave files readable that no command may read"
        }
        // A command that may leave the sandbox runs in a wider one: what is denied stays denied.
        if mayLeaveSandbox { return nil }
        guard launcher.profile.width <= width else {
            return "its sandbox would be wider than the one that was allowed"
        }
        guard mayUseNetwork || !launcher.profile.hasNetwork else {
            return "it would have the network, which nobody has allowed"
        }
        return nil
    }

    private func isProgram(_ start: SandboxedStart) -> Bool {
        switch program {
        case .commandLine(let line):
            // A name is looked up in PATH, and one that is relative is made absolute.
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

/// A program that codex is about to start for a call, with or without its launcher.
struct SandboxedStart {
    let threadID: String?
    let sessionID: String?
    let callID: String?
    /// Its arguments, its own name first.
    let command: [String]
    /// The file that starts; nil where the launcher looks for it.
    let path: String?
    /// Nil for what starts outside the sandbox.
    let launcher: SandboxLauncher?
}
