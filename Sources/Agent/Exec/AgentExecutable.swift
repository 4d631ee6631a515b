import ExecGate
import Glibc

/// Which file codex is, by what it is and not by its name, and which files its process may run before.
struct AgentExecutable: Sendable {
    /// codex's own path, links resolved, as codex names itself.
    let path: String
    private let file: FileIdentity?
    private let before: Set<FileIdentity>
    /// Programs of ours and of codex's that start nothing by themselves.
    private let trusted: Set<FileIdentity>

    init(_ chain: AgentChain, companions: [String]) {
        path = FileTree.realPath(chain.codex) ?? chain.codex
        file = FileIdentity(at: path)
        before = Set(chain.before.compactMap { FileIdentity(at: $0) })
        trusted = Set(companions.compactMap { FileIdentity(at: $0) } + [file].compactMap(\.self))
    }

    /// What begins with `#!` (execve(2)).
    static func isScript(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var start: [UInt8] = [0, 0]
        return read(descriptor, &start, 2) == 2 && start == Array("#!".utf8)
    }

    /// A path as a thread gives it to the kernel, for this process.
    static func absolute(_ path: String, of thread: pid_t) -> String {
        if path.hasPrefix("/proc/self/") { return "/proc/\(thread)/\(path.dropFirst(11))" }
        return path.hasPrefix("/") ? path : "/proc/\(thread)/cwd/\(path)"
    }

    func isFile(at path: String, of thread: pid_t) -> Bool {
        guard let file, path.hasPrefix("/") else { return false }
        return FileIdentity(at: path == "/proc/self/exe" ? "/proc/\(thread)/exe" : path) == file
    }

    /// Is it codex that starts, in the agent's own process?
    func isCodex(_ path: String) -> Bool { file != nil && FileIdentity(at: path) == file }

    /// May it start in the agent's own process before codex does?
    func isBefore(_ path: String) -> Bool { FileIdentity(at: path).map(before.contains) ?? false }

    /// Does this process run codex, as a child of it does before its first program?
    func runs(_ process: pid_t) -> Bool { file != nil && FileIdentity(at: "/proc/\(process)/exe") == file }

    /// Does it run codex, or one of those beside it, as far as anybody can tell?
    func mayRun(_ process: pid_t) -> Bool { FileIdentity(at: "/proc/\(process)/exe").map(trusted.contains) ?? true }
}
