/// The unused grants. A pure state machine; its owner protects it with a lock.
///
/// Times are seconds of a monotonic clock.
public struct GrantTable: Sendable {
    /// A grant ends with its turn; this limit is for turns whose end is never reported. codex starts commands within
    /// milliseconds, and calls the tools of one MCP server one at a time.
    public static let lifetimeSeconds: Double = 600
    /// The limit for a thread without subscribers, since its turn's end is not reported.
    public static let unattendedSeconds: Double = 15

    private var commands = TimedGrants<CommandGrant>()
    private var patches = TimedGrants<OpenPatch>()
    private var looks = TimedGrants<LookGrant>()
    /// Absolute paths that every command's sandbox denies.
    private let denied: Set<String>

    public init(denied: Set<String>) { self.denied = denied }

    /// Replaces an unused grant for the same call.
    public mutating func add(_ grant: CommandGrant, now: Double) {
        if grant.callID != nil {
            commands.remove { $0.callID == grant.callID && $0.threadID == grant.threadID }
        }
        commands.add(grant, now: now)
    }

    /// Replaces a grant for the same call: a person has approved the patch again.
    public mutating func add(_ grant: PatchGrant, now: Double) {
        revokePatch(thread: grant.threadID, turn: grant.turnID, call: grant.callID)
        patches.add(OpenPatch(grant), now: now)
    }

    public mutating func add(_ grant: LookGrant, now: Double) { looks.add(grant, now: now) }

    /// Revokes a call that will not start, because a person denied something that it needs.
    public mutating func revoke(thread threadID: String, call callID: String) {
        commands.remove { $0.threadID == threadID && $0.callID == callID }
    }

    /// Revokes the unused grants of a turn that is over.
    public mutating func revoke(turn turnID: String) {
        commands.remove { $0.turnID == turnID }
        patches.remove { $0.grant.turnID == turnID }
        looks.remove { $0.turnID == turnID }
    }

    /// Limits the grants of a thread that has no subscribers left.
    public mutating func limit(thread threadID: String, now: Double) {
        commands.limit(at: now) { $0.threadID == threadID }
        patches.limit(at: now) { $0.grant.threadID == threadID }
        looks.limit(at: now) { $0.threadID == threadID }
    }

    /// Revokes a finished patch. The turn must match, because a model may reuse a call id in another turn.
    public mutating func revokePatch(thread threadID: String, turn turnID: String, call callID: String) {
        patches.remove {
            $0.grant.threadID == threadID && $0.grant.turnID == turnID && $0.grant.callID == callID
        }
    }

    struct Objection: Error, Hashable { let reason: String }

    /// Takes the grant that allows this start. Each grant is used once.
    mutating func take(_ start: SandboxedStart, now: Double) -> Result<CommandGrant, Objection> {
        var reason = "it was not approved"
        let grant = commands.take(at: now) { grant in
            guard grant.isFor(start) else { return false }
            guard let objection = grant.objection(to: start, denied: denied) else { return true }
            reason = objection
            return false
        }
        return grant.map { .success($0) } ?? .failure(Objection(reason: reason))
    }

    /// Allows one operation of the file helper.
    public enum Permit: Sendable, Hashable {
        /// The operation changes no file: a read, creating a directory that an approved file needs, or a write that
        /// must fail without it. codex reads each file several times.
        ///
        /// The operation may run under any one of the confinements.
        case prepares([Confinement])
        case step(PatchStep, Confinement)

        /// The confinements that limit what the helper may write.
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
        public static let unknown = NoPermit(reason: "it was not approved")

        /// Part of a sentence that says why.
        public let reason: String
    }

    /// The permit of the approved patch or picture that the operation belongs to. The helper does not name the call, so
    /// the path and the exact content decide; if two approved patches give a file the same content, either may match.
    /// Reads the files, so it may take long; call ``take(_:now:)`` afterwards.
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

    /// Uses a permit: each step of a patch is made once. False if the step was made or revoked in the meantime. A patch
    /// without remaining steps allows nothing more.
    public mutating func take(_ permit: Permit, now: Double) -> Bool {
        guard case .step(let step, _) = permit else { return true }
        return patches.use(step.patch, at: now) { patch in
            let isUsed = patch.make(step.step)
            return (isUsed, !patch.left.isEmpty)
        }
    }
}
