import Dispatch
import Glibc
import Synchronization

/// Calls a handler when a file is written, replaced, removed or created.
///
/// Watches the file's directory (inotify), since a replaced file is a different file. Kubernetes replaces a mounted
/// configuration by replacing a link, `..data`, in that directory. If the file itself is a link, the watch covers the
/// target's directory too. A check every two seconds finds changes that the kernel does not report (network file
/// systems, a directory that does not exist yet). Without inotify, the check runs every 100 ms.
public final class FileWatch: Sendable {
    private let path: String
    private let handler: @Sendable () -> Void
    private let queue = DispatchQueue(label: "file-watch")
    private let state: Mutex<State>

    private let events: DirectoryEvents?
    // Dispatch sources are thread-safe, but their types do not say so.
    nonisolated(unsafe) private let reader: (any DispatchSourceRead)?
    nonisolated(unsafe) private let timer: any DispatchSourceTimer

    private struct State {
        var signature: FileSignature?
        var watches: Set<Int32> = []
        var isRunning = true
    }

    /// Create the watch before the first read of the file, or a change between the two is missed. The watch calls
    /// `handler` on its own thread, one call at a time. It may call `handler` without a change, and the file may be
    /// partly written or gone. The watch ends with ``stop()`` or when it is deallocated.
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

    /// Calls the handler as if the file had changed. Returns when it has ended. Do not call this from the handler.
    public func readAgain() { queue.sync { if state.withLock(\.isRunning) { handler() } } }

    /// No new handler call begins after this; a running call may still finish. May be called twice.
    public func stop() {
        state.withLock { $0.isRunning = false }
        reader?.cancel()
        timer.cancel()
    }
}

extension FileWatch {
    private func start(_ interval: DispatchTimeInterval) {
        // The first check finds a change made before the watch began.
        timer.schedule(deadline: .now(), repeating: interval, leeway: .milliseconds(20))
        timer.setEventHandler { [weak self] in self?.look() }
        timer.resume()
        guard let events else { return }
        arm()
        reader?.setEventHandler { [weak self] in self?.look(events.next()) }
        reader?.setCancelHandler { close(events.descriptor) }
        reader?.resume()
    }

    /// Returns once all events so far have been checked. Do not call this from the handler.
    func lookNow() { queue.sync { look(events?.next() ?? []) } }

    /// Watches the directories that the path currently leads through, and no others.
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
        // After a stop, the descriptor is closed, and another file may have its number.
        guard state.withLock(\.isRunning) else { return }
        // Watch first, so that no change between the check and the watch is missed.
        arm()
        let signature = FileSignature(path)
        let (isRunning, isOther) = state.withLock { state in
            defer { state.signature = signature }
            return (state.isRunning, state.signature != signature)
        }
        guard isRunning else { return }
        if isOther || happened.contains(where: tellsOfChange) { handler() }
    }

    /// Two writes within one tick of the kernel's clock can leave the same signature, so the kernel's event counts.
    private func tellsOfChange(_ event: DirectoryEvents.Event) -> Bool {
        let decisive = UInt32(IN_CLOSE_WRITE) | UInt32(IN_MOVED_TO)
        return event.mask & UInt32(IN_Q_OVERFLOW) != 0
            || event.mask & decisive != 0 && event.name == Path.lastName(path)
    }
}
