import Glibc

/// The server's own executable, and what belongs beside it.
enum OwnProgram {
    static let directory: String = {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let path =
            count > 0
            ? String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) : CommandLine.arguments[0]
        return String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }()

    /// What codex starts of ours.
    static let gate = "\(directory)/sre-agent-gate"

    static let gateNotFound = Failure(
        "\(gate) was not found. It is built and installed with the server, and belongs beside it.")

    static var hasGate: Bool { CodexRuntime.isExecutable(gate) }
}
