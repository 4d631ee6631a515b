import Glibc

enum Descriptors {
    /// Every socket takes one, and in shared mode its session's connection to the agent another: the usual 1,024 are
    /// soon gone. Up to what the system allows this process.
    static func raiseLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = min(limit.rlim_max, 1 << 20)
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
