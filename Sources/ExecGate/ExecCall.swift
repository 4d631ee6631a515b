import JSON

/// What a process asks the kernel to start: the arguments of its execve(2).
public struct ExecCall: Sendable, Hashable {
    /// As it was given: absolute or relative, links not resolved.
    public let path: String
    public let arguments: [String]
    /// The variables that name codex's thread and call; others are not kept.
    public let environment: [String: String]
    /// Is the file that `path` leads to codex itself? codex starts itself again, under other names, for its sandbox.
    public let isAgent: Bool
    /// Does the process share codex's mounts? In the sandbox it has its own.
    public var isAmongAgentMounts = true

    /// The variables of codex that ``environment`` holds.
    public static let variables: Set<String> = ["CODEX_THREAD_ID", "CODEX_SESSION_ID", "CODEX_TOOL_CALL_ID"]

    public init(path: String, arguments: [String], environment: [String: String] = [:], isAgent: Bool) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
        self.isAgent = isAgent
    }

    var threadID: String? { environment["CODEX_THREAD_ID"] }
    /// The thread that a person has subscribed to: the one that a review or a sub-agent belongs to.
    var sessionID: String? { environment["CODEX_SESSION_ID"] }
    var callID: String? { environment["CODEX_TOOL_CALL_ID"] }

    /// For people: the command line, cut to 300 characters; of what starts in the sandbox, without the launcher.
    public var description: String {
        let end = isAgent ? arguments.firstIndex(of: "--") : nil
        let words = end.map { Array(arguments[($0 + 1)...]) } ?? [path] + arguments.dropFirst()
        return Self.cut(words)
    }

    /// As ``description``, the launcher included.
    public var commandLine: String { Self.cut([path] + arguments.dropFirst()) }

    private static func cut(_ words: [String]) -> String {
        let line = words.joined(separator: " ")
        return line.count > 300 ? "\(line.prefix(300))…" : line
    }
}

/// A process, named for good: an id alone is given to another process later.
public struct ProcessID: Sendable, Hashable {
    public let pid: Int32
    /// Clock ticks since boot.
    public let start: UInt64

    public init(pid: Int32, start: UInt64) {
        self.pid = pid
        self.start = start
    }
}

extension [String] {
    /// By their bytes: to Swift, `é` written in two ways is one string, to the kernel it is two.
    func isIdentical(to other: [String]) -> Bool {
        count == other.count && zip(self, other).allSatisfy { $0.isIdentical(to: $1) }
    }
}
