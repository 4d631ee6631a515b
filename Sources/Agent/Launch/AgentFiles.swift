import Glibc

/// The stamps of the files that decide whether and how an agent starts. If they have changed, repeat the preparation.
/// The files are only stat'ed, not read, which costs a few system calls.
struct AgentFiles: Sendable, Hashable {
    private struct Stamp: Sendable, Hashable {
        var device: UInt = 0
        var number: UInt = 0
        var mode: UInt32 = 0
        var owner: UInt32 = 0
        /// Zero for directories, since codex writes to them all the time.
        var size: Int = 0
        var seconds: Int = 0
        var nanoseconds: Int = 0
    }

    /// The interval between two checks.
    static let lookInterval: Duration = .seconds(1)

    private let stamps: [Stamp?]
    /// Of codex's executable and of the gate's program: without mode and change time, which a hard link changes too.
    private let programs: [Stamp?]

    /// The current stamps.
    init(_ configuration: AgentConfiguration) {
        let own = ["config.toml", "hooks.json"]
        let directories = [configuration.codexHome, "\(configuration.workspace)/.codex"]
        let paths =
            [configuration.executable, configuration.gate.path, configuration.codexHome]
            + directories.flatMap { directory in own.map { "\(directory)/\($0)" } }
            + ["config.toml", "managed_config.toml", "requirements.toml", "hooks.json"].map { "/etc/codex/\($0)" }
        // Both the link and its target: a dangling link is not a missing file but a fault.
        stamps = paths.flatMap { path in [Self.stamp(path, stat), Self.stamp(path, lstat)] }
        programs = [configuration.executable, configuration.gate.path].map { path in
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            return Stamp(
                device: UInt(status.st_dev), number: UInt(status.st_ino), size: Int(status.st_size),
                seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
        }
    }

    /// Whether codex or the gate's program has been replaced. codex starts helpers from its own file, and the kernel's
    /// gate knows the file that the agent was started from.
    func hasOtherPrograms(than before: AgentFiles) -> Bool { programs != before.programs }

    /// Waits for `time`. Returns true early if a file changes.
    static func pause(
        _ time: Duration, since before: AgentFiles, _ configuration: AgentConfiguration
    ) async -> Bool {
        let end = ContinuousClock.now + time
        while !Task.isCancelled {
            let left = end - .now
            guard left > .zero else { return false }
            try? await Task.sleep(for: min(left, Self.lookInterval))
            if AgentFiles(configuration) != before { return true }
        }
        return false
    }

    /// nil if the file does not exist.
    private static func stamp(
        _ path: String, _ look: (UnsafePointer<CChar>, UnsafeMutablePointer<stat>) -> Int32
    ) -> Stamp? {
        var status = stat()
        guard look(path, &status) == 0 else { return nil }
        var stamp = Stamp(
            device: UInt(status.st_dev), number: UInt(status.st_ino), mode: status.st_mode, owner: status.st_uid)
        if status.st_mode & S_IFMT != S_IFDIR {
            stamp.size = Int(status.st_size)
            // The change time also covers changes of mode and name.
            (stamp.seconds, stamp.nanoseconds) = (status.st_ctim.tv_sec, status.st_ctim.tv_nsec)
        }
        return stamp
    }
}
