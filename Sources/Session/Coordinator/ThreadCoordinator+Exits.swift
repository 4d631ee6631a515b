import ExecGrants
import JSON
import Policy

/// What people let commands do beyond the sandbox for more than one run. codex remembers that for ever, so the server
/// notes who stands for it, and asks again when nobody does.
extension ThreadCoordinator {
    /// A person grants what codex asked for by `item/permissions/requestApproval`: the thread's commands may do more
    /// than its sandbox permits.
    mutating func notePermissions(_ approval: Approval, _ result: JSONValue, by pending: PendingAnswer) {
        guard approval.method == Approval.permissions, let threadID = approval.threadID else { return }
        let grant = PermissionGrant(result)
        guard grant.concernsFiles || grant.opensNetwork else { return }
        let more = ThreadRecord.BeyondSandbox(
            permissions: grant.granted,
            writable: grant.concernsFiles ? writable(result["permissions"] ?? .null) : nil,
            turnID: grant.isForSession ? nil : approval.params["turnId"]?.stringValue,
            basis: pending.basis(approval.id))
        threads[threadID, default: ThreadRecord()].give(more)
    }

    /// What a call may do beyond the sandbox of its thread's mode.
    func beyondSandbox(_ input: HookInput) -> ThreadRecord.BeyondSandbox.Sum {
        let given = threads[modeThread(of: input)]?.beyondSandbox(inTurn: input.turnID) ?? []
        var sum = ThreadRecord.BeyondSandbox.Sum()
        for more in given { sum.all.formUnion(more.permissions) }
        sum.ended = given.filter(mayStand).reduce(into: sum.all) { $0.subtract($1.permissions) }
        return sum
    }

    private func mayStand(_ more: ThreadRecord.BeyondSandbox) -> Bool {
        let floor = policy.floor(of: more.basis.client.principal)
        return !more.hasEnded && (more.turnID != nil || floor.sessionApprovals)
            && (floor.network || !more.permissions.contains("network"))
    }

    /// The paths that these permissions let commands write, links resolved. codex accepts two spellings.
    func writable(_ permissions: JSONValue) -> [String] {
        let fileSystem = permissions["fileSystem"]
        let entries = (fileSystem?["entries"]?.arrayValue ?? []).filter { $0["access"] == "write" }
        let paths =
            (fileSystem?["write"]?.arrayValue ?? []).compactMap(\.stringValue)
            + entries.compactMap { $0["path"]?["path"]?.stringValue }
        return paths.map { policy.resolveDirectory($0) ?? policy.files.resolve($0) ?? $0 }
    }

    // MARK: Commands that leave the sandbox without a question from codex

    /// Has a person let the command leave the sandbox for more than one run?
    func leavesSandboxUnasked(_ input: HookInput, _ question: HookQuestion) -> Bool {
        command(of: input, question).map(leavesSandbox.covers) ?? false
    }

    /// Whose approval that rests on; nil if it has ended.
    func exitBasis(_ input: HookInput, _ question: HookQuestion) -> ThreadRecord.StandingBasis? {
        command(of: input, question).flatMap { command in
            leavesSandbox.basis(of: command) { basis, isLasting in
                let floor = policy.floor(of: basis.client.principal)
                return isLasting ? floor.lastingApprovals : floor.sessionApprovals
            }
        }
    }

    func command(of input: HookInput, _ question: HookQuestion) -> CommandGrant? {
        guard case .command = question, input.toolName == "Bash" else { return nil }
        for case .command(let command) in question.startGrants(for: input, in: .readOnly, mayUseNetwork: false, .none) {
            return command
        }
        return nil
    }
}
