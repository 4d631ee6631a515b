/// Who has given input to which thread. The model reads a whole thread, so input counts for every later turn: after
/// restarts, in forks of the thread and in its sub-agents.
extension ThreadCoordinator {
    /// A principal gives a thread input to act on. Call this before the agent gets the input.
    public mutating func inputReceived(
        _ principal: Principal, inThread threadID: String, _ message: UserMessage? = nil
    ) -> [Effect] {
        if let message { threads[threadID]?.messages.sent(message, by: principal) }
        // A sub-agent's input flows back to the thread that the sub-agent belongs to.
        return ([threadID] + ancestors(of: threadID)).flatMap { id in keep(id) { $0.authors.insert(principal) } }
    }

    /// The agent has not taken a message.
    public mutating func messageRefused(_ message: UserMessage, by principal: Principal, inThread threadID: String)
        -> [Effect]
    {
        threads[threadID]?.messages.refused(message, by: principal)
        return []
    }

    /// Who sent the message that the agent reports as this item; nil if no client of this server sent it.
    public mutating func author(ofItem itemID: String, inThread threadID: String, _ message: UserMessage) -> Author? {
        threads[threadID]?.messages.author(ofItem: itemID, message)
    }

    /// A thread is opened. `forkedFrom` and `parent` are the threads whose input it started with, as codex names them. If such
    /// a thread is not kept, it may be a sub-agent's that has made no call yet, so its authors are unknown.
    public mutating func inherit(_ threadID: String, forkedFrom: String?, parent: String?) -> [Effect] {
        var effects: [Effect] = []
        if let parent, parent != threadID {
            if kept.byID[parent] == nil { effects += keep(threadID) { $0.authors.formUnion(.unknown) } }
            effects += belongs(threadID, to: parent)
        }
        let authors = forkedFrom.map { kept.byID[$0] == nil ? .unknown : self.authors(in: $0) } ?? InputAuthors()
        return effects + keep(threadID) { $0.authors.formUnion(authors) }
    }

    /// codex has told which thread a sub-agent's thread belongs to.
    mutating func belongs(_ threadID: String, to parent: String) -> [Effect] {
        threads[threadID, default: ThreadRecord()].parentThreadID = parent
        let effects = keep(threadID) { $0.parentID = parent }
        // Input that the thread was given before counts for the thread that its results go back to.
        guard let authors = kept.byID[threadID]?.authors else { return effects }
        return effects + ancestors(of: threadID).flatMap { id in keep(id) { $0.authors.formUnion(authors) } }
    }

    /// Everyone whose input a turn in this thread may act on.
    func authors(in threadID: String) -> InputAuthors {
        ([threadID] + ancestors(of: threadID)).reduce(into: InputAuthors()) { all, id in
            all.formUnion(keptThread(id).authors)
        }
    }

    func authors(for input: HookInput) -> InputAuthors {
        var all = authors(in: input.threadID)
        if let own = input.subAgentThreadID { all.formUnion(authors(in: own)) }
        return all
    }

    // MARK: Agents that address each other

    /// Why a call may not address these agents; nil if it may.
    func whyNotAddressed(_ addressees: [String], by input: HookInput) -> String? {
        guard !addressees.isEmpty else { return nil }
        if let keepingFailure { return Self.notKept(keepingFailure) }
        guard addressees.count <= AgentTool.maximumAddressees else {
            return "A call may address \(AgentTool.maximumAddressees) agents."
        }
        guard let stranger = addressees.first(where: { isStranger($0, to: input) }) else { return nil }
        return "The agent \(stranger) does not belong to this thread, so it cannot be addressed from here."
    }

    /// Why no thread gets input while the store fails.
    public static func notKept(_ failure: String) -> String {
        "The server cannot store whose input threads hold, so it passes no input on: \(failure)"
    }

    /// Does this thread belong to another tree of agents? What its model is told would count as input from that tree's
    /// own authors. An unknown thread may be anybody's: only codex's record of it says whose it is.
    private func isStranger(_ threadID: String, to input: HookInput) -> Bool {
        !isKnown(threadID) || root(of: threadID) != root(of: input.threadID)
    }

    /// Notes what codex's records say about the addressed agents. codex does not notify anyone of a sub-agent in a thread
    /// without subscribers.
    mutating func learnParents(_ parents: [String: String]) -> [Effect] {
        parents.sorted { $0.key < $1.key }.flatMap { threadID, parent in
            keptThread(threadID).parentID == parent ? [] : inherit(threadID, forkedFrom: nil, parent: parent)
        }
    }

    /// Passes the authors on to the addressed agents.
    mutating func pass(authorsOf input: HookInput, to addressees: [String]) -> [Effect] {
        guard !addressees.isEmpty else { return [] }
        let all = authors(for: input)
        return addressees.flatMap { id in keep(id) { $0.authors.formUnion(all) } }
    }

    /// A call that has not passed the gate gives other threads input, so these have unknown authors from now on.
    mutating func receivedUnasked(_ item: StartedItem) -> [Effect] {
        item.receivers.flatMap { id in keep(id) { $0.authors.formUnion(.unknown) } }
    }

    private func root(of threadID: String) -> String { ancestors(of: threadID).last ?? threadID }

    private func isKnown(_ threadID: String) -> Bool { threads[threadID] != nil || kept.byID[threadID] != nil }

    /// What is kept of a thread. Nothing is kept of one that may date from before the server kept threads, so its authors
    /// are unknown.
    private func keptThread(_ threadID: String) -> KeptThread {
        kept.byID[threadID] ?? KeptThread(authors: kept.isOlder(threadID) ? .unknown : InputAuthors())
    }

    private func ancestors(of threadID: String) -> [String] {
        var found: [String] = []
        var id = threadID
        while let parent = threads[id]?.parentThreadID ?? kept.byID[id]?.parentID, parent != threadID,
            !found.contains(parent)
        {
            found.append(parent)
            id = parent
        }
        return found
    }

    // MARK: Places

    /// What is stored of a thread, whichever client opened it, in this run of the server or an earlier one. A sub-agent's
    /// thread has the sandbox of the thread that it belongs to.
    public func storedThread(_ threadID: String) -> KeptThread {
        var thread = keptThread(threadID)
        thread.place = threads[threadID]?.mode.place ?? thread.place
        thread.sandbox =
            thread.sandbox
            ?? ancestors(of: threadID).lazy.compactMap { knownMode(of: $0)?.sandbox ?? kept.byID[$0]?.sandbox }.first
        return thread
    }

    /// A thread's record, completed from what the store has kept about the thread.
    func record(of threadID: String) -> ThreadRecord {
        if let record = threads[threadID] { return record }
        var record = ThreadRecord()
        let kept = kept.byID[threadID]
        record.mode.cwd = kept?.cwd
        record.mode.place = kept?.place
        record.parentThreadID = kept?.parentID
        return record
    }

    mutating func keepPlace(of threadID: String) -> [Effect] {
        guard let mode = threads[threadID]?.mode, mode.place != nil else { return [] }
        return keep(threadID) {
            $0.cwd = mode.cwd
            $0.place = mode.place
            $0.sandbox = mode.sandbox
        }
    }

    private mutating func keep(_ threadID: String, _ change: (inout KeptThread) -> Void) -> [Effect] {
        var thread = keptThread(threadID)
        change(&thread)
        guard thread != kept.byID[threadID] else { return [] }
        kept.byID[threadID] = thread
        return [.keep(thread, threadID: threadID)]
    }
}
