/// What the server still knows of a thread after it was started anew.
public struct KeptThread: Sendable, Hashable {
    /// Whose words are in it.
    public var authors: InputAuthors
    /// The thread that a sub-agent's belongs to.
    public var parentID: String?
    /// As in ``ThreadMode``.
    public var cwd: String?
    /// As in ``ThreadMode``.
    public var place: ThreadPlace?

    public init(
        authors: InputAuthors = InputAuthors(), parentID: String? = nil, cwd: String? = nil, place: ThreadPlace? = nil
    ) {
        self.authors = authors
        self.parentID = parentID
        self.cwd = cwd
        self.place = place
    }
}

/// All threads that are kept.
public struct KeptThreads: Sendable {
    public var byID: [String: KeptThread]
    /// A thread that is not kept and is older may hold anybody's words: there was a server before that kept none. A later
    /// one was made by another program, and so by the person whose `CODEX_HOME` it is.
    public let since: Milliseconds

    public init(byID: [String: KeptThread] = [:], since: Milliseconds = 0) {
        self.byID = byID
        self.since = since
    }

    /// By its id, which codex makes of the time (UUID version 7, RFC 9562 section 5.7). What has another id may be older.
    func isOlder(_ threadID: String) -> Bool {
        guard since > 0 else { return false }
        let digits = threadID.utf8.filter { $0 != UInt8(ascii: "-") }
        guard digits.count == 32, digits[12] == UInt8(ascii: "7"),
            let time = Milliseconds(String(decoding: digits[..<12], as: UTF8.self), radix: 16)
        else { return true }
        return time < since
    }
}

/// Where threads are kept over the server's ends.
public protocol ThreadStore: Sendable {
    /// Read once, at the start. Throws when it cannot be read.
    func threads() throws -> KeptThreads

    /// In the place of what is kept of this thread. Called under the hub's lock, on any event loop, when somebody speaks in a
    /// thread for the first time or it gets another place: it may wait for the file system, but not for the disk.
    func keep(_ thread: KeptThread, id: String)
}
