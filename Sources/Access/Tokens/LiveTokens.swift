import Synchronization

/// The tokens as the running server sees them: what `token create` and `token revoke` do is known here within
/// milliseconds.
public final class LiveTokens: Sendable {
    private let store: TokenStore
    private let state: Mutex<TokenSet>
    /// What ``state`` was read from. Of two reloads at once the later one must not leave the older content.
    private let loaded: Mutex<FileSignature?>
    private let changed: @Sendable (TokenSet) -> Void
    private let report: @Sendable (AccessError) -> Void
    private let watch: Mutex<FileWatch?> = Mutex(nil)

    /// Reads the file and throws when it cannot, so not on an event loop. Later `changed` is called with each new set,
    /// on any thread: sockets whose token is no longer valid are to be closed then. A file that cannot be read
    /// later leaves everything as it was, and `report` is told: to lock everybody out for a slip of an editor would
    /// help nobody, and the server itself only ever replaces the file whole.
    public init(
        _ store: TokenStore, changed: @escaping @Sendable (TokenSet) -> Void,
        report: @escaping @Sendable (AccessError) -> Void
    ) throws(AccessError) {
        self.store = store
        self.changed = changed
        self.report = report
        let signature = FileSignature(store.path)
        state = Mutex(try store.read())
        loaded = Mutex(signature)
        let watch = FileWatch(store.path) { [weak self] in self?.reload() }
        self.watch.withLock { $0 = watch }
        // What changed before the watch began.
        reload()
    }

    /// As it was last read. Never waits for the disk.
    public var cached: TokenSet { state.withLock { $0 } }

    /// As it is at this moment: who has just been given a token comes in, and whose token was just revoked does not,
    /// also before the watch has noticed. Asks the file system for the file's dates; reads the file only when they
    /// have changed.
    public func current() -> TokenSet {
        if FileSignature(store.path) != loaded.withLock({ $0 }) { reload() }
        return cached
    }

    public func stop() { watch.withLock { $0 }?.stop() }

    private func reload() {
        do throws(AccessError) {
            let new = try loaded.withLock { (loaded) throws(AccessError) -> TokenSet? in
                // Before the content: a change in between is then found the next time.
                let signature = FileSignature(store.path)
                // A damaged file is reported once, and not at each request.
                defer { loaded = signature }
                let new = try store.read()
                let isNew = state.withLock { tokenSet in
                    defer { tokenSet = new }
                    return new != tokenSet
                }
                return isNew ? new : nil
            }
            if let new { changed(new) }
        } catch {
            report(error)
        }
    }
}
