import ExecGrants
import Glibc

/// Identifies codex by its file (device and inode) rather than its name, and the files that its process may run before
/// codex.
struct AgentExecutable: Sendable {
    /// codex's own path with links resolved, as codex calls itself.
    let path: String
    private let file: FileIdentity?
    private let before: Set<FileIdentity>
    /// Programs of the server and of codex that start no other programs by themselves.
    private let trusted: Set<FileIdentity>

    init(_ chain: AgentChain, companions: [String]) {
        path = FileTree.realPath(chain.codex) ?? chain.codex
        file = FileIdentity(at: path)
        before = Set(chain.before.compactMap { FileIdentity(at: $0) })
        trusted = Set(companions.compactMap { FileIdentity(at: $0) } + [file].compactMap(\.self))
    }

    /// True if the file begins with `#!` (execve(2)).
    static func isScript(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var start: [UInt8] = [0, 0]
        return read(descriptor, &start, 2) == 2 && start == Array("#!".utf8)
    }

    /// A path that a thread passed to the kernel, as this process can open it.
    static func absolute(_ path: String, of thread: pid_t) -> String {
        if path.hasPrefix("/proc/self/") { return "/proc/\(thread)/\(path.dropFirst(11))" }
        return path.hasPrefix("/") ? path : "/proc/\(thread)/cwd/\(path)"
    }

    func isFile(at path: String, of thread: pid_t) -> Bool {
        guard let file, path.hasPrefix("/") else { return false }
        return FileIdentity(at: path == "/proc/self/exe" ? "/proc/\(thread)/exe" : path) == file
    }

    /// Whether the program that the agent's own process is about to execute is codex.
    func isCodex(_ path: String) -> Bool { file != nil && FileIdentity(at: path) == file }

    /// Whether the agent's own process may execute the program before it becomes codex.
    func isBefore(_ path: String) -> Bool { FileIdentity(at: path).map(before.contains) ?? false }

    /// Whether the process runs codex, as a child forked by codex does before its first execve.
    func runs(_ process: pid_t) -> Bool { file != nil && FileIdentity(at: "/proc/\(process)/exe") == file }

    /// Whether the process runs codex or one of its companions. True if its executable cannot be read.
    func mayRun(_ process: pid_t) -> Bool { FileIdentity(at: "/proc/\(process)/exe").map(trusted.contains) ?? true }
}
