/// What the server still knows about a thread after a restart.
public struct KeptThread: Sendable, Hashable {
    /// The authors of the thread's input.
    public var authors: InputAuthors
    /// The parent of a sub-agent's thread.
    public var parentID: String?
    /// As in ``ThreadMode``.
    public var cwd: String?
    /// As in ``ThreadMode``.
    public var place: ThreadPlace?
    /// As in ``ThreadMode``; nil for a thread that no client has opened, and for one from before it was stored.
    public var sandbox: SandboxMode?

    public init(
        authors: InputAuthors = InputAuthors(), parentID: String? = nil, cwd: String? = nil, place: ThreadPlace? = nil,
        sandbox: SandboxMode? = nil
    ) {
        self.authors = authors
        self.parentID = parentID
        self.cwd = cwd
        self.place = place
        self.sandbox = sandbox
    }
}

/// All kept threads.
public struct KeptThreads: Sendable {
    public var byID: [String: KeptThread]
    /// When this run of the server began. An older thread that is not kept may hold input from any author: an earlier
    /// run may have failed to write it, or another program may have created it.
    public let since: Milliseconds

    public init(byID: [String: KeptThread] = [:], since: Milliseconds = 0) {
        self.byID = byID
        self.since = since
    }

    /// Compares the time in the thread id, which codex generates as UUID version 7 (RFC 9562 section 5.7). A thread
    /// with any other id may be older.
    func isOlder(_ threadID: String) -> Bool {
        guard since > 0 else { return false }
        let digits = threadID.utf8.filter { $0 != UInt8(ascii: "-") }
        guard digits.count == 32, digits[12] == UInt8(ascii: "7"),
            let time = Milliseconds(String(decoding: digits[..<12], as: UTF8.self), radix: 16)
        else { return true }
        return time < since
    }
}

/// Stores threads across restarts of the server.
public protocol ThreadStore: Sendable {
    /// Called once, at startup. Throws if the store cannot be read.
    func threads() throws -> [String: KeptThread]

    /// Replaces what is stored about this thread. Called under the hub's lock, on any event loop, when a new author
    /// gives input to a thread or the thread's place changes: it may wait for the file system, but not for the disk. If the thread cannot be
    /// written, ``failure`` says so from the moment this returns until it is written.
    func keep(_ thread: KeptThread, id: String)

    /// Why some thread is not stored at the moment; nil if all are. Called for each event of the hub.
    var failure: String? { get }
}
