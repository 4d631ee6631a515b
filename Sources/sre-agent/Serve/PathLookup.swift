import Glibc
import Logging
import NIOConcurrencyHelpers
import NIOPosix
import Synchronization

/// Looks up paths while other people's approvals wait for the answer. A file system that does not answer, such as the
/// mount of an NFS server that is gone, must not stop these: a path that is not found in time counts as missing.
final class PathLookup: Sendable {
    /// How long others wait at most.
    static let patience = 2.0
    /// How many lookups may hang at the same time. Beyond that, every path counts as missing.
    static let limit = 8

    private let threads = NIOThreadPool(numberOfThreads: limit)
    /// How many lookups hang, by mount, or by path where the path's name tells no mount.
    private let hanging = Mutex<[String: Int]>([:])
    private let logger: Logger

    init(logger: Logger) {
        self.logger = logger
        threads.start()
    }

    /// The directory at a path, links resolved; nil if there is none, or if its file system does not answer.
    func directory(_ path: String) -> String? { find(path, Directories.resolve) }

    /// The regular file at a path, links resolved; nil if there is none, or if its file system does not answer.
    func file(_ path: String) -> String? { find(path, Directories.resolveFile) }

    private func find(_ path: String, _ resolve: @escaping @Sendable (String) -> String?) -> String? {
        let isHopeless = hanging.withLock { hanging in
            hanging.keys.contains { Self.contains($0, path) } || hanging.values.reduce(0, +) >= Self.limit
        }
        guard !isHopeless else { return nil }
        let answer = Answer()
        threads.submit { [self] poolState in
            let found = poolState == .active ? resolve(path) : nil
            if let key = answer.give(found) { ended(key) }
        }
        return answer.wait(Self.patience) { began(path) }
    }

    /// Returns the key under which the lookup hangs.
    private func began(_ path: String) -> String {
        let key = Self.mount(of: path) ?? path
        hanging.withLock { $0[key, default: 0] += 1 }
        logger.warning(
            "\(key) has not answered for \(Int(Self.patience)) s, so paths in it count as missing. Is its file server gone?"
        )
        return key
    }

    private func ended(_ key: String) {
        let isOver = hanging.withLock { hanging in
            let left = (hanging[key] ?? 1) - 1
            hanging[key] = left == 0 ? nil : left
            return left == 0
        }
        if isOver { logger.notice("\(key) answers again.") }
    }

    private static func contains(_ place: String, _ path: String) -> Bool {
        path == place || path.hasPrefix("\(place)/")
    }

    /// The mount that a path lies in by its name; nil if that is the root. Asks the kernel's list, not the file system.
    private static func mount(of path: String) -> String? {
        let mounts = (ProcessEnvironment.readFile("/proc/self/mounts") ?? "").split(separator: "\n").compactMap {
            $0.split(separator: " ").dropFirst().first.map(String.init)
        }
        return mounts.filter { $0 != "/" && contains($0, path) }.max { $0.utf8.count < $1.utf8.count }
    }
}

extension PathLookup {
    /// Given by the thread that looks up, awaited by the one that asks.
    private final class Answer: @unchecked Sendable {
        /// Its value is whether the answer is given.
        private let lock = ConditionLock(value: false)
        // These are accessed only under the lock.
        private var isGiven = false
        private var found: String?
        private var key: String?

        /// Returns the key of the lookup if nobody waits for it any more.
        func give(_ found: String?) -> String? {
            lock.lock()
            (isGiven, self.found) = (true, found)
            defer { lock.unlock(withValue: true) }
            return key
        }

        func wait(_ seconds: Double, onTimeout: () -> String) -> String? {
            if !lock.lock(whenValue: true, timeoutSeconds: seconds) {
                lock.lock()
                // The answer may have come meanwhile.
                if !isGiven { key = onTimeout() }
            }
            defer { lock.unlock() }
            return found
        }
    }
}
