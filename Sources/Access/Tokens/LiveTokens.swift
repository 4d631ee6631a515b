import Synchronization

/// The tokens as the running server sees them. Changes by `token create` and `token revoke` arrive within milliseconds.
public final class LiveTokens: Sendable {
    public struct Change: Sendable {
        public let before: TokenSet
        public let after: TokenSet
    }

    private let store: any TokenStore
    private let state: Mutex<TokenSet>
    /// The revision that ``state`` was read from. If two reloads overlap, the newer content must win.
    private let loaded: Mutex<TokenRevision?>
    /// Each change of the set, in order. For one reader, which closes the sockets whose token is no longer valid.
    public let changes: AsyncStream<Change>
    private let changed: AsyncStream<Change>.Continuation
    private let report: @Sendable (AccessError) -> Void
    private let watch: Mutex<(any StoreWatch)?> = Mutex(nil)

    /// Reads the store and throws if it cannot, so do not call this on an event loop. If it cannot be read later,
    /// keeps the old set and calls `report`: locking everyone out over an editing mistake would help nobody, and the
    /// server itself always replaces the file atomically.
    public init(_ store: any TokenStore, report: @escaping @Sendable (AccessError) -> Void) throws(AccessError) {
        self.store = store
        (changes, changed) = AsyncStream.makeStream()
        self.report = report
        let revision = store.revision
        state = Mutex(try store.read())
        loaded = Mutex(revision)
        let watch = store.watch { [weak self] in self?.reload() }
        self.watch.withLock { $0 = watch }
        // Reload in case the set changed before the watch began.
        reload()
    }

    /// The set as last read. Never waits for the disk.
    public var cached: TokenSet { state.withLock { $0 } }

    /// The set at this moment: includes a token created just now and excludes one revoked just now, even before the
    /// watch has noticed. Reads the store only if its revision has changed.
    public func current() -> TokenSet {
        if store.revision != loaded.withLock({ $0 }) { reload() }
        return cached
    }

    /// Also ends ``changes``.
    public func stop() {
        stopWatching()
        changed.finish()
    }

    /// From now on, only ``current()`` notices changes.
    func stopWatching() { watch.withLock { $0 }?.stop() }

    private func reload() {
        do throws(AccessError) {
            try loaded.withLock { (loaded) throws(AccessError) in
                // Take the revision before the content, so that the next check finds a change in between.
                let revision = store.revision
                // Report a damaged store once, not on each request.
                defer { loaded = revision }
                let new = try store.read()
                let before = state.withLock { tokenSet in
                    defer { tokenSet = new }
                    return tokenSet
                }
                // Under the lock, so that changes are in order.
                if new != before { changed.yield(Change(before: before, after: new)) }
            }
        } catch {
            report(error)
        }
    }
}
