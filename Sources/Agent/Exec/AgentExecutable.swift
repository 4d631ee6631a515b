import CProcess
import Glibc

/// Which file codex is. `CODEX_BIN` may be a script of the administrator's, which becomes codex (`exec codex "$@"`).
struct AgentExecutable: Sendable {
    private struct File: Hashable {
        let device: UInt64
        let inode: UInt64

        init?(_ path: String) {
            var (device, inode) = (UInt64(), UInt64())
            guard cprocess_identify(path, &device, &inode) == 0 else { return nil }
            self.device = device
            self.inode = inode
        }
    }

    /// codex's own path, links resolved, as codex names itself; nil while a script runs.
    private(set) var path: String?
    private var file: File?
    /// Programs of ours and of codex's that start nothing by themselves.
    private var trusted: Set<File>

    init(startedAs path: String, companions: [String]) {
        trusted = Set(companions.compactMap(File.init))
        if !Self.isScript(path) { become(path) }
    }

    /// The agent's process starts another program in its own place.
    mutating func replaced(by path: String) {
        if self.path == nil, Self.isNamedCodex(path), !Self.isScript(path) { become(path) }
    }

    private mutating func become(_ path: String) {
        self.path = FileTree.realPath(path) ?? path
        file = File(path)
        if let file { trusted.insert(file) }
    }

    static func isNamedCodex(_ path: String) -> Bool { path == "codex" || path.hasSuffix("/codex") }

    /// What begins with `#!` (execve(2)).
    private static func isScript(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var start: [UInt8] = [0, 0]
        return read(descriptor, &start, 2) == 2 && start == Array("#!".utf8)
    }

    func isFile(at path: String, of thread: pid_t) -> Bool {
        guard let file, path.hasPrefix("/") else { return false }
        return File(path == "/proc/self/exe" ? "/proc/\(thread)/exe" : path) == file
    }

    /// Does this process run codex, as a child of it does before its first program?
    func runs(_ process: pid_t) -> Bool { file != nil && File("/proc/\(process)/exe") == file }

    /// Does it run codex, or one of those beside it, as far as anybody can tell?
    func mayRun(_ process: pid_t) -> Bool { File("/proc/\(process)/exe").map(trusted.contains) ?? true }
}
