import Glibc

/// The files that decide whether an agent starts, and how: whoever holds an older one of these than now must ask anew.
/// They are looked at and not read, which costs a few system calls.
struct AgentFiles: Sendable, Hashable {
    private struct Stamp: Sendable, Hashable {
        var device: UInt = 0
        var number: UInt = 0
        var mode: UInt32 = 0
        var owner: UInt32 = 0
        /// Zero for directories, in which codex writes all the time.
        var size: Int = 0
        var seconds: Int = 0
        var nanoseconds: Int = 0
    }

    /// Between two looks.
    static let lookInterval: Duration = .seconds(1)

    private let stamps: [Stamp?]

    /// As they are now.
    init(_ configuration: AgentConfiguration) {
        let own = ["config.toml", "hooks.json"]
        let directories = [configuration.codexHome, "\(configuration.workspace)/.codex"]
        let paths =
            [configuration.executable, configuration.gate.path, configuration.codexHome]
            + directories.flatMap { directory in own.map { "\(directory)/\($0)" } }
            + ["config.toml", "managed_config.toml", "requirements.toml", "hooks.json"].map { "/etc/codex/\($0)" }
        // The link and what it leads to: one that leads nowhere is no file, and is a fault.
        stamps = paths.flatMap { path in [Self.stamp(path, stat), Self.stamp(path, lstat)] }
    }

    /// Waits; not to the end when one of them has changed meanwhile, and says so.
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

    /// Nil for what is not there.
    private static func stamp(
        _ path: String, _ look: (UnsafePointer<CChar>, UnsafeMutablePointer<stat>) -> Int32
    ) -> Stamp? {
        var status = stat()
        guard look(path, &status) == 0 else { return nil }
        var stamp = Stamp(
            device: UInt(status.st_dev), number: UInt(status.st_ino), mode: status.st_mode, owner: status.st_uid)
        if status.st_mode & S_IFMT != S_IFDIR {
            stamp.size = Int(status.st_size)
            // Also a change of the mode or the name counts.
            (stamp.seconds, stamp.nanoseconds) = (status.st_ctim.tv_sec, status.st_ctim.tv_nsec)
        }
        return stamp
    }
}
