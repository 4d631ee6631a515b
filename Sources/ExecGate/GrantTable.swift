/// What may start and has not yet. A pure state machine; its owner keeps it behind a lock.
///
/// Times are seconds of a clock that only goes forward.
public struct GrantTable: Sendable {
    /// A grant ends with its turn; this is for turns whose end nobody hears of. codex starts commands within milliseconds,
    /// and calls the tools of one MCP server one after the other.
    public static let lifetimeSeconds: Double = 600

    private var commands = TimedGrants<CommandGrant>()
    private var patches = TimedGrants<PatchGrant>()
    private var looks = TimedGrants<LookGrant>()
    /// Absolute paths that the sandbox of every command denies.
    private let denied: Set<String>

    public init(denied: Set<String>) { self.denied = denied }

    /// Takes the place of an earlier one for the same call, which was not used.
    public mutating func add(_ grant: CommandGrant, now: Double) {
        if grant.callID != nil {
            commands.remove { $0.callID == grant.callID && $0.threadID == grant.threadID }
        }
        commands.add(grant, now: now)
    }

    public mutating func add(_ grant: PatchGrant, now: Double) { patches.add(grant, now: now) }
    public mutating func add(_ grant: LookGrant, now: Double) { looks.add(grant, now: now) }

    /// A call will not start any more: a person has said no to what it needs.
    public mutating func revoke(thread threadID: String, call callID: String) {
        commands.remove { $0.threadID == threadID && $0.callID == callID }
    }

    /// A turn is over: what it was allowed and did not start is void.
    public mutating func revoke(turn turnID: String) {
        commands.remove { $0.turnID == turnID }
        patches.remove { $0.turnID == turnID }
        looks.remove { $0.turnID == turnID }
    }

    /// A patch is done. A model may use a call's name again in another turn.
    public mutating func revokePatch(thread threadID: String, turn turnID: String, call callID: String) {
        patches.remove { $0.threadID == threadID && $0.turnID == turnID && $0.callID == callID }
    }

    struct Objection: Error, Hashable { let reason: String }

    /// Takes the grant under which this may start: each is used once.
    mutating func take(_ start: SandboxedStart, now: Double) -> Result<CommandGrant, Objection> {
        var reason = "nobody has allowed it"
        let grant = commands.take(at: now) { grant in
            guard grant.isFor(start) else { return false }
            guard let objection = grant.objection(to: start, denied: denied) else { return true }
            reason = objection
            return false
        }
        return grant.map { .success($0) } ?? .failure(Objection(reason: reason))
    }

    /// A step of a patch. The grant stays until the call is over: codex takes several steps for each file, and says the
    /// same twice. Of those that allow it, what each lets the helper write; none when nobody has.
    public func admits(
        _ operation: FileOperation, now: Double, content: (String) -> [UInt8]?, resolve: (String) -> String
    ) -> [Confinement] {
        looks.all(at: now) { $0.admits(operation) }.map(\.confinement)
            + patches.all(at: now) { $0.admits(operation, content: content, resolve: resolve) }.map(\.confinement)
    }
}
