import CProcess
import NIOCore
import NIOPosix

/// The threads that carry messages.
enum EventLoops {
    /// Uses half of the cores, since agents and their commands run on the same machine, but both cores of a two-core
    /// machine, where one thread would wait too long while the other core is idle. `NIO_SINGLETON_GROUP_LOOP_COUNT`
    /// overrides this.
    ///
    /// Must be called once, before NIO is used.
    static func configure() {
        guard ProcessEnvironment.all["NIO_SINGLETON_GROUP_LOOP_COUNT"] == nil else { return }
        NIOSingletons.groupLoopCountSuggestion = max(min(2, System.coreCount), System.coreCount / 2)
    }

    /// Lets several messages arrive before a thread wakes up for them: `SCHED_BATCH` of sched(7). Agents keep the
    /// default policy: a process inherits the policy of the thread that forks it, which is therefore started first.
    static func preferBatches() {
        cprocess_prepare_to_spawn()
        for eventLoop in MultiThreadedEventLoopGroup.singleton.makeIterator() {
            eventLoop.execute { cprocess_schedule_thread_as_batch() }
        }
    }
}
