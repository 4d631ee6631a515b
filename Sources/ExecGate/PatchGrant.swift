import JSON

/// Allows the changes of one approved patch, and nothing else: codex's file helper is started by the path and content of
/// each step.
public struct PatchGrant: Sendable, Hashable {
    public struct File: Sendable, Hashable {
        public enum Change: Sendable, Hashable {
            case add(content: [UInt8])
            case delete
            /// The lines of its hunks, without their first character: those that go and those that come, the context
            /// in both.
            case update(old: Set<Line>, new: Set<Line>, movedTo: String?)
        }

        /// A line without its end.
        public typealias Line = [UInt8]

        /// Absolute and without `.` and `..`, as codex opens it; relative where nobody can tell in which directory.
        public let path: String
        public let change: Change
        /// Where what is written goes, links resolved, as whoever approved it was shown; nil when nobody has looked.
        public let target: String?

        public init(path: String, change: Change, target: String? = nil) {
            self.path = path
            self.change = change
            self.target = target
        }
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

    /// `content` gives the present content of a file, nil when there is none; `resolve` where a path leads.
    func admits(_ operation: FileOperation, content: (String) -> [UInt8]?, resolve: (String) -> String) -> Bool {
        files.contains { $0.admits(operation, content: content) && $0.isTarget(of: operation, resolve) }
    }
}

extension PatchGrant.File {
    fileprivate func admits(_ operation: FileOperation, content: (String) -> [UInt8]?) -> Bool {
        switch (change, operation.change) {
        case (_, nil): return looksAt(operation.path)
        case (.add(let added), .write(let written)):
            return Self.isAt(path, operation.path) && Self.isSameText(added, written)
        case (.delete, .remove), (.update(_, _, _?), .remove): return Self.isAt(path, operation.path)
        case (.update(let old, let new, let movedTo), .write(let written)):
            guard Self.isAt(movedTo ?? path, operation.path) else { return false }
            let before = path.hasPrefix("/") ? content(path) : movedTo == nil ? content(operation.path) : nil
            return Self.isUpdate(of: before ?? [], to: written, old: old, new: new)
        case (.add, .makeDirectory): return Self.isAbove(operation.path, path)
        case (.update(_, _, let movedTo?), .makeDirectory): return Self.isAbove(operation.path, movedTo)
        default: return false
        }
    }

    /// A link that came after the question leads elsewhere.
    fileprivate func isTarget(of operation: FileOperation, _ resolve: (String) -> String) -> Bool {
        guard let target, case .write = operation.change else { return true }
        return resolve(operation.path).isIdentical(to: target)
    }

    /// codex looks at a file before it changes it, and at where it goes.
    private func looksAt(_ opened: String) -> Bool {
        if case .update(_, _, let movedTo?) = change, Self.isAt(movedTo, opened) { return true }
        return Self.isAt(path, opened)
    }

    fileprivate static func isAt(_ path: String, _ opened: String) -> Bool {
        path.hasPrefix("/")
            ? path.isIdentical(to: opened)
            : "/\(path)".utf8.reversed().elementsEqual(
                opened.utf8.reversed().prefix(path.utf8.count + 1))
    }

    /// Does `directory` lie above the file? For a relative path: may it?
    private static func isAbove(_ directory: String, _ path: String) -> Bool {
        guard path.hasPrefix("/") else { return path.contains("/") }
        return path.utf8.starts(with: directory.utf8)
            && path.utf8.dropFirst(directory.utf8.count).first == UInt8(ascii: "/")
    }

    /// codex ends a text with a line end.
    private static func isSameText(_ one: [UInt8], _ other: [UInt8]) -> Bool { lines(of: one) == lines(of: other) }

    /// What is new stands among the patch's new lines, and what is gone among its old ones. codex forgives white space
    /// that differs in the context, so positions are not looked at.
    private static func isUpdate(of before: [UInt8], to after: [UInt8], old: Set<Line>, new: Set<Line>) -> Bool {
        var balance: [Line: Int] = [:]
        for line in lines(of: after) { balance[line, default: 0] += 1 }
        for line in lines(of: before) { balance[line, default: 0] -= 1 }
        let trimmedOld = Set(old.map(trimmed))
        return balance.allSatisfy { line, count in
            count == 0 || (count > 0 ? new.contains(line) : trimmedOld.contains(trimmed(line)))
        }
    }

    private static func trimmed(_ line: Line) -> Line {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
        return Array(line.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }

    private static func lines(of text: [UInt8]) -> [Line] {
        var lines = text.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
            line.last == 0x0D ? Array(line.dropLast()) : Array(line)
        }
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }
}
