/// How `CODEX_BIN` becomes codex, in one and the same process: codex itself, or scripts and wrappers that end with `exec`.
/// Learned while it says its version, whatever its files are called, and held to from then on.
struct AgentChain: Sendable, Hashable {
    /// Paths; codex is the last. The first is `CODEX_BIN` as it is configured, the others have their links resolved.
    let programs: [String]

    init(programs: [String]) { self.programs = programs }

    var codex: String { programs.last ?? "" }

    /// What runs before codex, in its process.
    var before: ArraySlice<String> { programs.dropLast() }
}

/// Follows one run that says the version. Pure.
struct AgentChainRecord: Sendable {
    private var programs: [String]
    private var isScript: Bool
    /// The last child that the last program has started.
    private var child: String?

    init(startedAs path: String, isScript: Bool) {
        programs = [path]
        self.isScript = isScript
    }

    /// The process starts another program in its own place.
    mutating func becomes(_ path: String, isScript: Bool) {
        programs.append(path)
        self.isScript = isScript
        child = nil
    }

    /// The program that runs now starts another as a child.
    mutating func starts(child path: String) { child = path }

    /// Why it cannot be told which program is codex: a sentence with a remedy.
    struct Unclear: Error, Hashable, CustomStringConvertible {
        let description: String
    }

    /// What has become codex. codex starts nothing to say its version: who starts something has a child that is codex.
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
