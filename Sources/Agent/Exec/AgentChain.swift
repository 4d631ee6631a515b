/// The programs that one process executes in turn, from `CODEX_BIN` to codex: codex itself, or scripts and wrappers
/// that `exec` it. The server learns the chain from a version run, whatever the files are called, and enforces it
/// afterwards.
struct AgentChain: Sendable, Hashable {
    /// Paths; the last is codex. The first is `CODEX_BIN` as configured; the others have their symbolic links resolved.
    let programs: [String]

    init(programs: [String]) { self.programs = programs }

    var codex: String { programs.last ?? "" }

    /// The programs that run before codex in the same process.
    var before: ArraySlice<String> { programs.dropLast() }
}

/// Follows one version run. Pure.
struct AgentChainRecord: Sendable {
    private var programs: [String]
    private var isScript: Bool
    /// The last child process that the current program has started.
    private var child: String?

    init(startedAs path: String, isScript: Bool) {
        programs = [path]
        self.isScript = isScript
    }

    /// Records that the process executes another program in place of the current one.
    mutating func becomes(_ path: String, isScript: Bool) {
        programs.append(path)
        self.isScript = isScript
        child = nil
    }

    /// Records that the current program starts another program as a child.
    mutating func starts(child path: String) { child = path }

    /// Why the codex program cannot be determined: a sentence with a remedy.
    struct Unclear: Error, Hashable, CustomStringConvertible {
        let description: String
    }

    /// The chain found. codex starts no process to print its version, so a program that starts a child is a wrapper
    /// around codex.
    func chain() throws(Unclear) -> AgentChain {
        let last = programs.last ?? ""
        let path = programs.first ?? ""
        if let child {
            throw Unclear(
                description: """
                    CODEX_BIN \(path) starts \(child) as a child, where it must become codex: the kernel's gate is codex's own \
                    and no wrapper's. Set CODEX_BIN to the program that it starts, or end the script with exec.
                    """)
        }
        if isScript {
            throw Unclear(
                description: """
                    CODEX_BIN \(path) does not become codex: the script \(last) ends without exec. End it with \
                    exec codex "$@", or set CODEX_BIN to codex itself.
                    """)
        }
        return AgentChain(programs: programs)
    }
}
