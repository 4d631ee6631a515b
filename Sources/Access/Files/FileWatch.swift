import Dispatch
import Glibc
import Synchronization

/// Calls a handler when a file has changed: when it was written, replaced, removed, or has come to be.
///
/// The kernel is asked about the file's directory (inotify), since a file that is replaced is another file. Kubernetes
/// replaces a mounted configuration by a link, `..data`, in that directory. Where the file is a link itself, the directory
/// it leads to is watched too. What the kernel does not tell (network file systems, a directory that is not there yet) a
/// look every two seconds finds; without inotify at all there is a look every 100 ms.
public final class FileWatch: Sendable {
    private let path: String
    private let handler: @Sendable () -> Void
    private let queue = DispatchQueue(label: "file-watch")
    private let state: Mutex<State>

    private let events: DirectoryEvents?
    // Dispatch's sources may be used from any thread; their types do not say so.
    nonisolated(unsafe) private let reader: (any DispatchSourceRead)?
    nonisolated(unsafe) private let timer: any DispatchSourceTimer

    private struct State {
        var signature: FileSignature?
        var watches: Set<Int32> = []
        var isRunning = true
    }

    /// Start it before the file is read for the first time, or a change between the two is missed. `handler` is called
    /// on a thread of the watch's own, one call after the other; it may be called without need, and it must bear a file
    /// that is half written or gone. The watch ends with ``stop()``, or when nobody has it any more.
    public convenience init(_ path: String, handler: @escaping @Sendable () -> Void) {
        let events = DirectoryEvents()
        self.init(path, events, lookEvery: events == nil ? .milliseconds(100) : .seconds(2), handler: handler)
    }

    init(
        _ path: String, _ events: DirectoryEvents?, lookEvery interval: DispatchTimeInterval,
        handler: @escaping @Sendable () -> Void
    ) {
        self.path = path
        self.events = events
        self.handler = handler
        state = Mutex(State(signature: FileSignature(path)))
        reader = events.map { [queue] in
            DispatchSource.makeReadSource(fileDescriptor: $0.descriptor, queue: queue)
        }
        timer = DispatchSource.makeTimerSource(queue: queue)
        start(interval)
    }

    deinit { stop() }

    /// After it the handler is not called again, except by a call that has begun. May be called twice.
    public func stop() {
        state.withLock { $0.isRunning = false }
        reader?.cancel()
        timer.cancel()
    }
}

extension FileWatch {
    private func start(_ interval: DispatchTimeInterval) {
        // The first look finds what changed before there was a watch.
        timer.schedule(deadline: .now(), repeating: interval, leeway: .milliseconds(20))
        timer.setEventHandler { [weak self] in self?.look() }
        timer.resume()
        guard let events else { return }
        arm()
        reader?.setEventHandler { [weak self] in self?.look(events.next()) }
        reader?.setCancelHandler { close(events.descriptor) }
        reader?.resume()
    }

    /// Whatever has happened by now has been looked at when it returns. Not from the handler.
    func lookNow() { queue.sync { look(events?.next() ?? []) } }

    /// Watches the directories that the path leads through now, and no others.
    private func arm() {
        guard let events else { return }
        var directories = [Path.directory(path)]
        if let resolved = realpath(path, nil) {
            directories.append(Path.directory(String(cString: resolved)))
            free(resolved)
        }
        let watches = Set(directories.compactMap(events.watch))
        let old = state.withLock { state in
            defer { state.watches = watches }
            return state.watches.subtracting(watches)
        }
        for watch in old { events.forget(watch) }
    }

    private func look(_ happened: [DirectoryEvents.Event] = []) {
        // Afterwards the descriptor is closed, and its number may be another file's.
        guard state.withLock(\.isRunning) else { return }
        // First, so that nothing is missed between the look and the watch.
        arm()
        let signature = FileSignature(path)
        let (isRunning, isOther) = state.withLock { state in
            defer { state.signature = signature }
            return (state.isRunning, state.signature != signature)
        }
        guard isRunning else { return }
        if isOther || happened.contains(where: tellsOfChange) { handler() }
    }

    /// Two writes within one tick of the kernel's clock can leave the same signature, so what the kernel says counts.
    private func tellsOfChange(_ event: DirectoryEvents.Event) -> Bool {
        let decisive = UInt32(IN_CLOSE_WRITE) | UInt32(IN_MOVED_TO)
        return event.mask & UInt32(IN_Q_OVERFLOW) != 0
            || event.mask & decisive != 0 && event.name == Path.lastName(path)
    }
}
