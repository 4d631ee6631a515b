import CProcess
import NIOCore
import NIOPosix

/// The threads that carry messages.
enum EventLoops {
    /// Half of the cores, since the agents and their commands run on the same machine, and two where there are two:
    /// one waits too long while the other core is idle. `NIO_SINGLETON_GROUP_LOOP_COUNT` says otherwise.
    ///
    /// Must be called once, before NIO is used.
    static func configure() {
        guard ProcessEnvironment.all["NIO_SINGLETON_GROUP_LOOP_COUNT"] == nil else { return }
        NIOSingletons.groupLoopCountSuggestion = max(min(2, System.coreCount), System.coreCount / 2)
    }

    /// Lets more than one message come together before a thread wakes up for them: `SCHED_BATCH` of sched(7). Agents are
    /// scheduled as before: a process is scheduled as the thread that starts it, which is begun here first.
    static func preferBatches() {
        cprocess_prepare_to_spawn()
        for eventLoop in MultiThreadedEventLoopGroup.singleton.makeIterator() {
            eventLoop.execute { cprocess_schedule_thread_as_batch() }
        }
    }
}
