import Agent
import Glibc
import Session
import Settings

/// Finds the server's own files in places where the agent's user may write.
struct ProtectedPaths {
    let user: AgentUser?
    private var known: [String: Bool] = [:]

    /// Forks if the agent has its own user, so call it before any process is started.
    static func find(_ settings: Settings, _ programs: AgentPrograms, _ run: RunDirectory) -> [ProtectedPath] {
        var places = ProtectedPaths(user: programs.account.user)
        let files: [(String, String?)] = [
            (".env", "\(ProcessEnvironment.workingDirectory)/.env"), ("CONFIG", settings.rulesFile),
            ("AUDIT_KEY", settings.auditKey), ("TLS_KEY", settings.tls?.key), ("TLS_CERT", settings.tls?.certificate),
            ("the server's program", "\(ExecutablePaths.directory)/sre-agent"), ("the gate's program", programs.gate),
            ("codex", programs.codex),
        ]
        let directories: [(String, String?)] = [
            ("STATE_DIR", settings.stateDirectory), ("CODEX_HOME", settings.codexHome),
            ("the server's sockets", run.path),
        ]
        var found: [ProtectedPath] = []
        for (list, isDirectory) in [(directories, true), (files, false)] {
            for case (let name, let path?) in list {
                // A file in one of the server's directories is covered by that directory.
                guard isDirectory || !found.contains(where: { FileTree.contains($0.path, path) }) else { continue }
                // The path as configured, and its resolved form.
                for spelling in Set([path, FileTree.realPath(path)].compactMap(\.self)) {
                    found.append(places.place(name, spelling, isDirectory: isDirectory))
                }
            }
        }
        return found.filter { !$0.writable.isEmpty || $0.isDirectory }
    }

    /// The error if one of the server's own files is in a directory where every command may write.
    static func fault(_ places: [ProtectedPath], workspace: String) -> SettingsError? {
        if let place = places.first(where: { $0.isExposed(to: workspace) }) {
            return SettingsError(
                key: "WORKSPACE",
                reason:
                    "\(workspace) must not contain the server's own \(place.name) (\(place.path)), which a command could change. "
                    + "Keep them apart")
        }
        let temporary = Set(["/tmp", ProcessEnvironment.all["TMPDIR"] ?? "/tmp"].map { FileTree.realPath($0) ?? $0 })
        for root in temporary.sorted() {
            guard let place = places.first(where: { $0.isExposed(to: root) }) else { continue }
            return SettingsError(
                key: place.name,
                reason: "\(place.path) lies below \(root), where every command may write. Keep it elsewhere")
        }
        return nil
    }

    private init(user: AgentUser?) { self.user = user }

    private mutating func place(_ name: String, _ path: String, isDirectory: Bool) -> ProtectedPath {
        let parent = FileTree.parent(of: path)
        let real = FileTree.realPath(parent) ?? parent
        let resolved = (real == "/" ? "" : real) + "/\(path.split(separator: "/").last ?? "")"
        var writable = isDirectory && isWritable(resolved) ? [resolved] : []
        var below = resolved
        while below != "/" {
            let directory = FileTree.parent(of: below)
            if isWritable(directory), mayRename(below, in: directory) { writable.append(directory) }
            below = directory
        }
        // A writable file can be changed in place.
        if !isDirectory, isWritable(resolved), !writable.contains(real) { writable.append(real) }
        return ProtectedPath(name: name, path: resolved, writable: writable, isDirectory: isDirectory)
    }

    /// In a sticky directory such as `/tmp`, users can rename only their own files (unlink(2)).
    private func mayRename(_ path: String, in directory: String) -> Bool {
        let uid = user?.uid ?? geteuid()
        var (above, own) = (stat(), stat())
        guard uid != 0, lstat(directory, &above) == 0, above.st_mode & S_ISVTX != 0 else { return true }
        return above.st_uid == uid || lstat(path, &own) != 0 || own.st_uid == uid
    }

    private mutating func isWritable(_ path: String) -> Bool {
        if let known = known[path] { return known }
        let may = user.map { $0.may(W_OK, path) } ?? (access(path, W_OK) == 0)
        known[path] = may
        return may
    }
}
