import Glibc

enum Descriptors {
    /// Raises the limit to the maximum allowed for this process, at most 1,048,576. Every socket uses one descriptor,
    /// and in shared mode its session's connection to the agent another, so the usual 1,024 are soon used up.
    static func raiseLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = min(limit.rlim_max, 1 << 20)
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
