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
        if let reason = tooManyAgents(addressees, of: input) { return reason }
        guard let stranger = addressees.first(where: { isStranger($0, to: input) }) else { return nil }
        return "The agent \(stranger) does not belong to this thread, so it cannot be addressed from here."
    }

    /// Is this a known thread that belongs to another tree of agents? What its model is told would count as input from
    /// that tree's own authors.
    private func isStranger(_ threadID: String, to input: HookInput) -> Bool {
        let root = root(of: input.threadID)
        guard !isKnown(threadID) else { return self.root(of: threadID) != root }
        // Unknown: a sub-agent that has made no call yet. It may be another person's, whose thread would take its results
        // for its own people's input, and run commands unasked.
        return threads.contains { $0.value.mode.policy.isUnattended && self.root(of: $0.key) != root }
    }

    /// Why a call addresses too many agents, in one call or over time: each unknown id is stored.
    private func tooManyAgents(_ addressees: [String], of input: HookInput) -> String? {
        guard addressees.count <= AgentTool.maximumAddressees else {
            return "A call may address \(AgentTool.maximumAddressees) agents."
        }
        let new = Set(addressees).count { !isKnown($0) }
        let before = threads[input.callThreadID]?.addressedCount ?? 0
        guard before + new <= ThreadRecord.addressedLimit else {
            return "This thread has addressed \(before) agents, and \(ThreadRecord.addressedLimit) is the limit."
        }
        return nil
    }

    /// Passes the authors on to the addressed agents: an agent that has made no call yet is known only by whose input
    /// it was told.
    mutating func pass(authorsOf input: HookInput, to addressees: [String]) -> [Effect] {
        guard !addressees.isEmpty else { return [] }
        let all = authors(for: input)
        return addressees.flatMap { id in
            let isNew = !isKnown(id)
            if isNew { threads[input.callThreadID, default: ThreadRecord()].addressedCount += 1 }
            return keep(id) { thread in
                thread.authors.formUnion(all)
                // Until codex names another: only a sub-agent of this thread can be addressed by an unknown id.
                if isNew, id != input.callThreadID { thread.parentID = input.callThreadID }
            }
        }
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

    /// Where a thread works, whichever client opened it, in this run of the server or an earlier one.
    public func knownPlace(of threadID: String) -> ThreadPlace? {
        threads[threadID]?.mode.place ?? kept.byID[threadID]?.place
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
