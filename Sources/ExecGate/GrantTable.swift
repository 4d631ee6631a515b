/// What may start and has not yet. A pure state machine; its owner keeps it behind a lock.
///
/// Times are seconds of a clock that only goes forward.
public struct GrantTable: Sendable {
    /// A grant ends with its turn; this is for turns whose end nobody hears of. codex starts commands within milliseconds,
    /// and calls the tools of one MCP server one after the other.
    public static let lifetimeSeconds: Double = 600
    /// More than can be open at a time; beyond it the oldest goes.
    static let limit = 4_096

    private struct Timed<Grant: Sendable>: Sendable {
        let grant: Grant
        let expiresAt: Double
    }

    private var commands: [Timed<CommandGrant>] = []
    private var patches: [Timed<PatchGrant>] = []
    private var looks: [Timed<LookGrant>] = []
    /// Absolute paths that the sandbox of every command denies.
    private let denied: Set<String>

    public init(denied: Set<String>) { self.denied = denied }

    /// Takes the place of an earlier one for the same call, which was not used.
    public mutating func add(_ grant: CommandGrant, now: Double) {
        commands.removeAll {
            $0.expiresAt <= now
                || grant.callID != nil && $0.grant.callID == grant.callID && $0.grant.threadID == grant.threadID
        }
        commands.append(Timed(grant: grant, expiresAt: now + Self.lifetimeSeconds))
        if commands.count > Self.limit { commands.removeFirst() }
    }

    public mutating func add(_ grant: PatchGrant, now: Double) {
        patches.removeAll { $0.expiresAt <= now }
        patches.append(Timed(grant: grant, expiresAt: now + Self.lifetimeSeconds))
        if patches.count > Self.limit { patches.removeFirst() }
    }

    public mutating func add(_ grant: LookGrant, now: Double) {
        looks.removeAll { $0.expiresAt <= now }
        looks.append(Timed(grant: grant, expiresAt: now + Self.lifetimeSeconds))
        if looks.count > Self.limit { looks.removeFirst() }
    }

    /// A call will not start any more: a person has said no to what it needs.
    public mutating func revoke(thread threadID: String, call callID: String) {
        commands.removeAll { $0.grant.threadID == threadID && $0.grant.callID == callID }
    }

    /// A turn is over: what it was allowed and did not start is void.
    public mutating func revoke(turn turnID: String) {
        commands.removeAll { $0.grant.turnID == turnID }
        patches.removeAll { $0.grant.turnID == turnID }
        looks.removeAll { $0.grant.turnID == turnID }
    }

    /// A patch is done. A model may use a call's name again in another turn.
    public mutating func revokePatch(thread threadID: String, turn turnID: String, call callID: String) {
        patches.removeAll {
            $0.grant.threadID == threadID && $0.grant.turnID == turnID && $0.grant.callID == callID
        }
    }

    struct Objection: Error, Hashable { let reason: String }

    /// Takes the grant under which this may start: each is used once.
    mutating func take(_ start: SandboxedStart, now: Double) -> Result<CommandGrant, Objection> {
        var reason = "nobody has allowed it"
        for (index, timed) in commands.enumerated() where timed.expiresAt > now && timed.grant.isFor(start) {
            guard let objection = timed.grant.objection(to: start, denied: denied) else {
                return .success(commands.remove(at: index).grant)
            }
            reason = objection
        }
        return .failure(Objection(reason: reason))
    }

    /// A step of a patch. The grant stays until the call is over: codex takes several steps for each file, and says the
    /// same twice.
    public func admits(_ operation: FileOperation, now: Double, content: (String) -> [UInt8]?) -> Bool {
        if operation.change == nil, looks.contains(where: { $0.expiresAt > now && $0.grant.admits(operation) }) {
            return true
        }
        return patches.contains { $0.expiresAt > now && $0.grant.admits(operation, content: content) }
    }
}
