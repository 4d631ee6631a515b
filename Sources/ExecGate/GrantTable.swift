/// What may start and has not yet. A pure state machine; its owner keeps it behind a lock.
///
/// Times are seconds of a clock that only goes forward.
public struct GrantTable: Sendable {
    /// A grant ends with its turn; this is for turns whose end nobody hears of. codex starts commands within milliseconds,
    /// and calls the tools of one MCP server one after the other.
    public static let lifetimeSeconds: Double = 600
    /// The same for a thread without subscribers: nobody hears of its turn's end.
    public static let unattendedSeconds: Double = 15

    private var commands = TimedGrants<CommandGrant>()
    private var patches = TimedGrants<OpenPatch>()
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

    /// Takes the place of an earlier one for the same call: a person has approved it once more.
    public mutating func add(_ grant: PatchGrant, now: Double) {
        revokePatch(thread: grant.threadID, turn: grant.turnID, call: grant.callID)
        patches.add(OpenPatch(grant), now: now)
    }

    public mutating func add(_ grant: LookGrant, now: Double) { looks.add(grant, now: now) }

    /// A call will not start any more: a person has said no to what it needs.
    public mutating func revoke(thread threadID: String, call callID: String) {
        commands.remove { $0.threadID == threadID && $0.callID == callID }
    }

    /// A turn is over: what it was allowed and did not start is void.
    public mutating func revoke(turn turnID: String) {
        commands.remove { $0.turnID == turnID }
        patches.remove { $0.grant.turnID == turnID }
        looks.remove { $0.turnID == turnID }
    }

    /// The thread has no subscriber any more.
    public mutating func limit(thread threadID: String, now: Double) {
        commands.limit(at: now) { $0.threadID == threadID }
        patches.limit(at: now) { $0.grant.threadID == threadID }
        looks.limit(at: now) { $0.threadID == threadID }
    }

    /// A patch is done. A model may use a call's name again in another turn.
    public mutating func revokePatch(thread threadID: String, turn turnID: String, call callID: String) {
        patches.remove {
            $0.grant.threadID == threadID && $0.grant.turnID == turnID && $0.grant.callID == callID
        }
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

    /// What allows an operation of the file helper's.
    public enum Permit: Sendable, Hashable {
        /// It changes no file: a look, a directory that an approved file needs, a write for which that is missing. codex
        /// looks at each file several times.
        ///
        /// Each of the confinements is one under which it may be done.
        case prepares([Confinement])
        case step(PatchStep, Confinement)

        /// What the helper may write.
        public var confinements: [Confinement] {
            switch self {
            case .prepares(let confinements): confinements
            case .step(_, let confinement): [confinement]
            }
        }
    }

    public struct PatchStep: Sendable, Hashable {
        let patch: UInt64
        let step: PatchGrant.Step
    }

    public struct NoPermit: Error, Hashable {
        public static let unknown = NoPermit(reason: "nobody has allowed it")

        /// A sentence.
        public let reason: String
    }

    /// Which approved patch, or picture, an operation belongs to. The helper names no call, so its path and the exact
    /// content tell; where two approved patches make the same of a file, either may be meant. Takes as long as it takes to
    /// look at the files; ``take(_:now:)`` is to follow.
    public func permit(for operation: FileOperation, now: Double, _ present: PresentFiles) -> Result<Permit, NoPermit> {
        var prepared = looks.inForce(at: now).map(\.grant).filter { $0.admits(operation) }.map(\.confinement)
        var reason = NoPermit.unknown.reason
        for (id, patch) in patches.inForce(at: now) {
            switch patch.judge(operation, present) {
            case .prepares: prepared.append(patch.grant.confinement)
            case .makes(let step) where prepared.isEmpty:
                return .success(.step(PatchStep(patch: id, step: step), patch.grant.confinement))
            case .makes: break
            case .refused(let why): reason = why
            case .other: break
            }
        }
        return prepared.isEmpty ? .failure(NoPermit(reason: reason)) : .success(.prepares(prepared))
    }

    /// Uses a permit: each step of a patch is made once. False when it was made, or revoked, meanwhile. A patch without
    /// steps left allows nothing any more.
    public mutating func take(_ permit: Permit, now: Double) -> Bool {
        guard case .step(let step, _) = permit else { return true }
        return patches.use(step.patch, at: now) { patch in
            let isUsed = patch.make(step.step)
            return (isUsed, !patch.left.isEmpty)
        }
    }
}
