import Synchronization

/// The tokens as the running server sees them: what `token create` and `token revoke` do is known here within
/// milliseconds.
public final class LiveTokens: Sendable {
    private let store: TokenStore
    private let state: Mutex<TokenBook>
    /// Of two reloads at once the later one must not leave the older content. ``book`` never waits for the disk.
    private let reloading = Mutex(())
    private let watch: Mutex<FileWatch?> = Mutex(nil)

    /// Reads the file and throws when it cannot, so not on an event loop. Later `changed` is called with each new book
    /// on a thread of its own: sockets whose token is no longer valid are to be closed then. A file that cannot be read
    /// later leaves everything as it was, and `report` is told: to lock everybody out for a slip of an editor would
    /// help nobody, and the server itself only ever replaces the file whole.
    public init(
        _ store: TokenStore, changed: @escaping @Sendable (TokenBook) -> Void,
        report: @escaping @Sendable (AccessError) -> Void
    ) throws(AccessError) {
        self.store = store
        state = Mutex(try store.read())
        let watch = FileWatch(store.path) { [weak self] in self?.reload(changed, report) }
        self.watch.withLock { $0 = watch }
        // What changed before the watch began.
        reload(changed, report)
    }

    public var book: TokenBook { state.withLock { $0 } }

    public func stop() { watch.withLock { $0 }?.stop() }

    private func reload(
        _ changed: @Sendable (TokenBook) -> Void, _ report: @Sendable (AccessError) -> Void
    ) {
        do throws(AccessError) {
            let new = try reloading.withLock { (_) throws(AccessError) -> TokenBook? in
                let new = try store.read()
                let isNew = state.withLock { book in
                    defer { book = new }
                    return new != book
                }
                return isNew ? new : nil
            }
            if let new { changed(new) }
        } catch {
            report(error)
        }
    }
}
