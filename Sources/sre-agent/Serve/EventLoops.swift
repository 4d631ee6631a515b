import NIOCore

/// How many threads carry messages.
enum EventLoops {
    /// Half of the cores, since the agents and their commands run on the same machine, and two where there are two:
    /// one waits too long while the other core is idle. `NIO_SINGLETON_GROUP_LOOP_COUNT` says otherwise.
    ///
    /// Must be called once, before NIO is used.
    static func configure() {
        guard ProcessEnvironment.all["NIO_SINGLETON_GROUP_LOOP_COUNT"] == nil else { return }
        NIOSingletons.groupLoopCountSuggestion = max(min(2, System.coreCount), System.coreCount / 2)
    }
}
