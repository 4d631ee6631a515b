public import ExecGate

/// Where the kernel's gate hears of what may start. Called with the hub's lock held: it returns at once.
public protocol StartGrants: Sendable {
    /// In force when it returns: codex is told of the decision afterwards.
    func allow(_ grant: StartGrant)
    /// A person has said no to what an allowed call still needs.
    func revoke(thread threadID: String, call callID: String)
    /// A turn is over: what it did not start is void.
    func revoke(turn turnID: String)
    /// Nobody hears any more how the thread's turns end: what it was allowed and has not started ends within seconds.
    func limit(thread threadID: String)
    /// A patch is done.
    func revokePatch(thread threadID: String, turn turnID: String, call callID: String)
    /// What a call has started, by what the processes say themselves. Nil for none; each call is told once.
    func takeStarted(thread threadID: String, call callID: String) -> StartedPrograms.Tally?
}
