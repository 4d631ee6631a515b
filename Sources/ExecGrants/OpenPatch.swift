/// An approved patch and its remaining steps.
struct OpenPatch: Sendable {
    let grant: PatchGrant
    private(set) var left: Set<PatchGrant.Step>

    init(_ grant: PatchGrant) {
        self.grant = grant
        left = grant.steps
    }

    enum Verdict: Hashable {
        /// The operation changes no file, only creates directories, or cannot succeed.
        case prepares
        case makes(PatchGrant.Step)
        case other
        case refused(reason: String)
    }

    func judge(_ operation: FileOperation, _ present: PresentFiles) -> Verdict {
        var verdict = Verdict.other
        for (index, file) in grant.files.enumerated() {
            let step: PatchGrant.Step
            let judged: PatchGrant.File.Verdict
            switch operation.change {
            case nil, .makeDirectory:
                guard left.contains(.write(file: index)) || left.contains(.remove(file: index)),
                    file.isPreparedBy(operation)
                else { continue }
                return .prepares
            case .write(let content):
                step = .write(file: index)
                guard left.contains(step) else { continue }
                judged = file.judgeWrite(of: content, to: operation.path, present)
            case .remove:
                step = .remove(file: index)
                // A moved file is first written under its new name.
                guard left.contains(step), !left.contains(.write(file: index)) else { continue }
                judged = file.judgeRemoval(of: operation.path, present)
            }
            switch judged {
            case .allowed: return Self.mustFail(operation, present) ? .prepares : .makes(step)
            case .refused(let reason): verdict = .refused(reason: reason)
            case .other: break
            }
        }
        return verdict
    }

    /// codex writes, creates the directory if it is missing, and writes again.
    private static func mustFail(_ operation: FileOperation, _ present: PresentFiles) -> Bool {
        guard case .write = operation.change, let slash = operation.path.lastIndex(of: "/") else { return false }
        return slash != operation.path.startIndex && !present.isDirectory(String(operation.path[..<slash]))
    }

    /// False if the step was already made.
    mutating func make(_ step: PatchGrant.Step) -> Bool { left.remove(step) != nil }
}
