import ExecGrants
import JSON

/// Why a patch is refused without asking: it would do more than its lines show, or its effect cannot be determined. The
/// agent is told, and can make the change in another way.
struct PatchFault: Error, Hashable {
    /// Sentences for the agent.
    let reason: String

    private init(_ reason: String) { self.reason = reason }

    /// nil for a patch that may be asked about, and for a call that is not a patch.
    init?(_ input: HookInput) {
        guard let call = PatchCall(input), let fault = Self.fault(call, input.patchedFiles) else { return nil }
        self = fault
    }

    private static func fault(_ call: PatchCall, _ files: [String: HookInput.PatchedFile]) -> PatchFault? {
        guard call.changes.count <= HookInput.patchedPathLimit else {
            return PatchFault(
                "This patch changes \(call.changes.count) files, which is too many to review at once. Make patches "
                    + "of at most \(HookInput.patchedPathLimit) files.")
        }
        for change in call.changes {
            guard case .update = change.kind, FileUpdate(diff: change.diff) == nil else { continue }
            return PatchFault(
                "The hunks for \(change.path) cannot be read. Each begins with a line @@, and each of its lines with a "
                    + "blank, + or -.")
        }
        for (path, file) in files.sorted(by: { $0.key < $1.key }) where file.dependsOnProcess {
            return PatchFault(
                "\(path) leads through a link below /proc, which leads each process elsewhere, or through one whose target is "
                    + "not UTF-8, so it is not known which file would change. Name the file itself.")
        }
        var before: [Name] = []
        for change in call.changes {
            let names = ([change.path] + (change.movedTo.map { [$0] } ?? [])).map { Name($0, of: change, call, files) }
            if names.count == 2, names[0].mayBe(names[1]) {
                return PatchFault(
                    "\(change.path) would be moved to \(names[1].written), which is the same file\(names[0].how(names[1])): "
                        + "it would be written and then removed. Leave out the line *** Move to.")
            }
            for name in names {
                guard let other = before.first(where: { $0.mayBe(name) }) else { continue }
                let what =
                    other.written.isIdentical(to: name.written)
                    ? "This patch names \(name.written) twice"
                    : "This patch names one file twice, as \(other.written) and as \(name.written)\(name.how(other))"
                return PatchFault(
                    "\(what): one change could undo the other unseen. Change each file once in a patch, "
                        + "or make a patch for each change.")
            }
            before += names
        }
        return nil
    }

    /// One of the names in a patch.
    private struct Name {
        let written: String
        /// nil if its directory cannot be determined.
        let path: String?
        let file: HookInput.PatchedFile?
        /// The change removes the name itself, not the target of a link under that name.
        let isDeleted: Bool

        init(_ written: String, of change: Patch.Change, _ call: PatchCall, _ files: [String: HookInput.PatchedFile]) {
            self.written = written
            isDeleted = change.kind == .delete
            path = call.absolute(written)
            file = path.flatMap { files[$0] }
        }

        /// Is the other name the same file, or could it be?
        func mayBe(_ other: Name) -> Bool {
            guard let path, let otherPath = other.path else {
                // The directory is unknown, so equal last components may be the same file.
                return (self.path == nil || other.path == nil) && last.lowercased() == other.last.lowercased()
            }
            if path.isIdentical(to: otherPath) { return true }
            guard let file, let otherFile = other.file else { return false }
            if isDeleted, other.isDeleted {
                guard let place = file.place, let otherPlace = otherFile.place else { return false }
                return place.isIdentical(to: otherPlace)
            }
            if file.target.isIdentical(to: otherFile.target) { return true }
            switch (file.identity, otherFile.identity) {
            case (let one?, let two?): return one == two
            // If neither file exists, the file system may treat the two names as one.
            case (nil, nil): return file.target.lowercased() == otherFile.target.lowercased()
            default: return false
            }
        }

        func how(_ other: Name) -> String {
            guard let path, let otherPath = other.path else {
                return ", as far as can be determined: use absolute paths"
            }
            return path.isIdentical(to: otherPath) || written.isIdentical(to: other.written)
                ? "" : " (by a link, or by how the file system takes names)"
        }

        private var last: String {
            CommandDirectory.resolved(written, in: "/").split(separator: "/").last.map(String.init) ?? ""
        }
    }
}
