import Agent

/// The paths of the server's own executables.
enum ExecutablePaths {
    static let directory: String = {
        let path = FileTree.link("/proc/self/exe") ?? CommandLine.arguments[0]
        return String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }()

    /// The gate's program, which codex starts.
    static let gate = "\(directory)/sre-agent-gate"

    static let gateNotFound = Failure(
        "\(gate) was not found. It is built and installed with the server, and belongs beside it.")

    static var hasGate: Bool { CodexRuntime.isExecutable(gate) }
}
