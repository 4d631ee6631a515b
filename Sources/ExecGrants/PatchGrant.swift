import JSON

/// Allows exactly the changes of one approved patch. Each start of codex's file helper is matched by the path and
/// content of its step.
public struct PatchGrant: Sendable, Hashable {
    public struct File: Sendable, Hashable {
        public enum Change: Sendable, Hashable {
            case add(content: [UInt8])
            case delete
            case update(FileUpdate, movedTo: String?)
        }

        /// Absolute without `.` and `..`, as codex opens it; relative if the directory is unknown.
        public let path: String
        public let change: Change
        /// The path written to, links resolved, as shown to the approver; nil if the file has not been inspected.
        public let target: String?
        /// The path removed, with links resolved in its directory but not in its last component; nil if the file has
        /// not been inspected.
        public let place: String?
        /// The file that is overwritten or removed, as shown to the approver; nil if the file has not been inspected,
        /// and for line changes, which apply to the file's current content.
        public let stamp: FileStamp?

        public init(
            path: String, change: Change, target: String? = nil, place: String? = nil, stamp: FileStamp? = nil
        ) {
            self.path = path
            self.change = change
            self.target = target
            self.place = place
            self.stamp = stamp
        }
    }

    /// codex makes each step once. It writes a moved file before it removes the old name.
    enum Step: Sendable, Hashable {
        case write(file: Int)
        case remove(file: Int)
    }

    public let threadID: String
    public let turnID: String
    public let callID: String
    public let files: [File]
    /// What the thread may write, links resolved; `directory` is nil.
    public var confinement = Confinement.none

    public init(threadID: String, turnID: String, callID: String, files: [File]) {
        self.threadID = threadID
        self.turnID = turnID
        self.callID = callID
        self.files = files
    }

    var steps: Set<Step> {
        Set(
            files.enumerated().flatMap { index, file -> [Step] in
                switch file.change {
                case .add, .update(_, nil): [.write(file: index)]
                case .delete: [.remove(file: index)]
                case .update(_, _?): [.write(file: index), .remove(file: index)]
                }
            })
    }
}

extension PatchGrant.File {
    enum Verdict: Hashable {
        case allowed
        case other
        /// The operation affects the same file but differs from this change.
        case refused(reason: String)
    }

    /// Whether an operation that only reads or creates directories may precede this file's change.
    func isPreparedBy(_ operation: FileOperation) -> Bool {
        switch (change, operation.change) {
        case (.update(_, let movedTo?), nil):
            Self.isAt(movedTo, operation.path) || Self.isAt(path, operation.path)
        case (_, nil): Self.isAt(path, operation.path)
        case (.add, .makeDirectory): Self.isAbove(operation.path, path)
        case (.update(_, let movedTo?), .makeDirectory): Self.isAbove(operation.path, movedTo)
        default: false
        }
    }

    func judgeWrite(of written: [UInt8], to opened: String, _ present: PresentFiles) -> Verdict {
        switch change {
        case .delete: return .other
        case .add(let content):
            guard Self.isAt(path, opened) else { return .other }
            guard content == written else { return .refused(reason: "other lines were approved") }
        case .update(let update, let movedTo):
            guard Self.isAt(movedTo ?? path, opened) else { return .other }
            guard
                let before = path.hasPrefix("/")
                    ? present.content(path) : movedTo == nil ? present.content(opened) : nil
            else { return .refused(reason: "the file that it changes cannot be read") }
            guard update.applied(to: before) == written else {
                return .refused(reason: "it is not what the approved patch makes of the file as it is now")
            }
        }
        // A symbolic link created after the question leads elsewhere.
        if let target, !present.resolve(opened).isIdentical(to: target) {
            return .refused(reason: "the path leads elsewhere than when it was approved")
        }
        return judgeStamp(of: opened, present)
    }

    /// Refuses to overwrite or remove content that the approver was not shown.
    private func judgeStamp(of opened: String, _ present: PresentFiles) -> Verdict {
        guard let stamp, present.stamp(opened) != stamp else { return .allowed }
        return .refused(reason: "the file there is not the one that was there when it was asked about")
    }

    func judgeRemoval(of opened: String, _ present: PresentFiles) -> Verdict {
        switch change {
        case .add, .update(_, nil): return .other
        case .delete, .update(_, _?): break
        }
        guard Self.isAt(path, opened) else { return .other }
        if let place, !Self.place(of: opened, present.resolve).isIdentical(to: place) {
            return .refused(reason: "the path leads elsewhere than when it was approved")
        }
        return change == .delete ? judgeStamp(of: opened, present) : .allowed
    }

    /// The path with links resolved in its directory but not in its last component.
    public static func place(of path: String, _ resolve: (String) -> String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return path }
        let directory = resolve(slash == path.startIndex ? "/" : String(path[..<slash]))
        return (directory == "/" ? "" : directory) + path[slash...]
    }

    private static func isAt(_ path: String, _ opened: String) -> Bool {
        path.hasPrefix("/")
            ? path.isIdentical(to: opened)
            : "/\(path)".utf8.reversed().elementsEqual(
                opened.utf8.reversed().prefix(path.utf8.count + 1))
    }

    /// Whether `directory` is above the file. For a relative path: whether it may be.
    private static func isAbove(_ directory: String, _ path: String) -> Bool {
        guard path.hasPrefix("/") else { return path.contains("/") }
        return path.utf8.starts(with: directory.utf8)
            && path.utf8.dropFirst(directory.utf8.count).first == UInt8(ascii: "/")
    }
}
