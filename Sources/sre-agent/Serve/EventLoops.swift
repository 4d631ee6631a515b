import NIOCore

/// How many threads carry messages.
enum EventLoops {
    /// Half of the cores, since the agents and their commands run on the same machine: with a thread on each core,
    /// every message wakes one thread more than it must. `NIO_SINGLETON_GROUP_LOOP_COUNT` says otherwise.
    ///
    /// Must be called once, before NIO is used.
    static func configure() {
        guard ProcessEnvironment.all["NIO_SINGLETON_GROUP_LOOP_COUNT"] == nil else { return }
        NIOSingletons.groupLoopCountSuggestion = max(1, System.coreCount / 2)
    }
}
