public import ExecGrants

/// Tells the kernel's gate which programs may start. Called with the hub's lock held, so it must return at once.
public protocol StartGrants: Sendable {
    /// Takes effect before it returns, because codex is told of the decision right after.
    func allow(_ grant: StartGrant)
    /// A person has declined what an allowed call still needs.
    func revoke(thread threadID: String, call callID: String)
    /// A turn has ended: its unused grants are void.
    func revoke(turn turnID: String)
    /// The thread has no subscriber left that would see its turns end: its unused grants end within seconds.
    func limit(thread threadID: String)
    /// A patch has been applied.
    func revokePatch(thread threadID: String, turn turnID: String, call callID: String)
    /// Returns and forgets the programs that a call has started, as the processes name themselves. nil if there are
    /// none.
    func takeStarted(thread threadID: String, call callID: String) -> StartedPrograms.Tally?
}
