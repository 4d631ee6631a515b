import JSON

/// The arguments of a process's execve(2) call.
public struct ExecCall: Sendable, Hashable {
    /// The path as given: absolute or relative, links not resolved.
    public let path: String
    public let arguments: [String]
    /// The variables that contain codex's thread and call ids. Other variables are not kept.
    public let environment: [String: String]
    /// Whether `path` leads to codex itself. codex runs itself under other names for its sandbox.
    public let isAgent: Bool
    /// A variable that makes the program run other code than its own; nil if there is none.
    public var foreignCode: String?
    /// Whether the process shares codex's mounts. In the sandbox it has its own.
    public var isAmongAgentMounts = true

    /// The codex variables that ``environment`` contains.
    public static let variables: Set<String> = ["CODEX_THREAD_ID", "CODEX_SESSION_ID", "CODEX_TOOL_CALL_ID"]

    public init(path: String, arguments: [String], environment: [String: String] = [:], isAgent: Bool) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
        self.isAgent = isAgent
    }

    var threadID: String? { environment["CODEX_THREAD_ID"] }
    /// The thread that a person has subscribed to, and to which a review or a sub-agent belongs.
    var sessionID: String? { environment["CODEX_SESSION_ID"] }
    var callID: String? { environment["CODEX_TOOL_CALL_ID"] }

    /// The command line for messages, cut to 300 characters. For a program in the sandbox, without the launcher.
    public var description: String {
        let end = isAgent ? arguments.firstIndex(of: "--") : nil
        let words = end.map { Array(arguments[($0 + 1)...]) } ?? [path] + arguments.dropFirst()
        return Self.cut(words)
    }

    /// The same as ``description``, including the launcher.
    public var commandLine: String { Self.cut([path] + arguments.dropFirst()) }

    private static func cut(_ words: [String]) -> String {
        let line = words.joined(separator: " ")
        return line.count > 300 ? "\(line.prefix(300))…" : line
    }
}

/// Identifies a process uniquely: the process id alone is reused later.
public struct ProcessID: Sendable, Hashable {
    public let pid: Int32
    /// The start time in clock ticks since boot.
    public let start: UInt64

    public init(pid: Int32, start: UInt64) {
        self.pid = pid
        self.start = start
    }
}

extension [String] {
    /// Compares bytes: Swift treats two encodings of `é` as one string, but the kernel as two.
    func isIdentical(to other: [String]) -> Bool {
        count == other.count && zip(self, other).allSatisfy { $0.isIdentical(to: $1) }
    }
}
