public import ExecGrants

/// A patch in the format of codex's `apply_patch` tool, parsed so that a person can see the change before it is made.
///
/// The format: `*** Begin Patch`, then sections `*** Add File: path` with `+` lines, `*** Delete File: path`, `***
/// Update File: path` with an optional `*** Move to: path` and hunks under `@@`, then `*** End Patch`.
public struct Patch: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case add
        case delete
        case update(movePath: String?)
    }

    public struct Change: Sendable, Hashable {
        public let path: String
        public let kind: Kind
        /// The content of an added or deleted file; the hunks of an updated one.
        public var diff: String
        /// For a deleted file whose content is not shown: the reason and the length.
        public var hidden: HiddenContent?
        /// The existing content at the path where a file is added or moved to.
        public var replaced: HookInput.PatchedFile.Content?
        /// The resolved path, if the path goes through a link; for a moved file, the resolved destination.
        public var leadsTo: String?
        /// For an updated file: where each of its hunks applies; an element is nil if that is not known.
        public var places: [FileUpdate.Place?] = []
    }

    public enum HiddenContent: Sendable, Hashable {
        case binary(bytes: Int)
        case tooLong(bytes: Int)
        /// The file does not exist, or the agent's user may not read it.
        case unreadable
    }

    public enum Fault: Error { case noBegin, noEnd, badLine(Int) }

    public let text: String

    public init(text: String) { self.text = text }

    /// A command that consists only of a patch.
    public struct InCommand: Sendable, Hashable {
        public let patch: Patch
        /// As written in the command: `cd DIRECTORY && apply_patch …`.
        public let directory: String?
        /// Would a shell read the patch literally?
        public let isLiteral: Bool
    }

    /// Parses `apply_patch <<'EOF' … EOF`, also after `cd DIRECTORY &&`: the forms that codex itself treats as a patch
    /// when they reach its shell tool. nil unless the command is exactly that.
    public static func command(_ command: String) -> InCommand? {
        let lines = Self.lines(of: command)
        guard let first = lines.first, let head = Heredoc(first) else { return nil }
        guard let end = lines.dropFirst().firstIndex(where: { $0.elementsEqual(head.marker) }) else { return nil }
        guard lines[(end + 1)...].allSatisfy({ $0.allSatisfy(Self.isBlank) }) else { return nil }
        let text = lines[1..<end].map { String(Substring($0)) }.joined(separator: "\n")
        return InCommand(patch: Patch(text: text), directory: head.directory, isLiteral: head.isQuoted)
    }

    /// The patch of `apply_patch <<'EOF' … EOF`. nil for anything else: a command that might do more is shown as a
    /// command.
    public init?(inShellCommand command: String) {
        // A shell would expand $(…) after an unquoted marker.
        guard let found = Self.command(command), found.isLiteral, found.directory == nil else { return nil }
        self = found.patch
    }

    typealias Line = Substring.UTF8View

    /// Splits at the byte 0x0A, as the shell does: Swift combines a carriage return and a line feed into one character,
    /// which could hide a line.
    private static func lines(of text: String) -> [Line] {
        text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
    }

    /// White space to a shell inside a line.
    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// Throws ``Fault`` for anything that is not exactly the format: text that cannot be parsed is shown as it is.
    public func changes() throws -> [Change] {
        var lines = Self.lines(of: text)[...]
        while lines.first?.allSatisfy(Self.isBlank) == true { lines.removeFirst() }
        while lines.last?.allSatisfy(Self.isBlank) == true { lines.removeLast() }
        guard lines.first?.elementsEqual("*** Begin Patch".utf8) == true else { throw Fault.noBegin }
        guard lines.count > 1, lines.last?.elementsEqual("*** End Patch".utf8) == true else { throw Fault.noEnd }
        lines = lines.dropFirst().dropLast()
        var changes: [Change] = []
        while let header = lines.popFirst() {
            if let path = header.path(after: "*** Add File: ") {
                let body = lines.takeSection()
                guard body.allSatisfy({ $0.first == UInt8(ascii: "+") }) else { throw Fault.badLine(lines.startIndex) }
                let content = body.map { String(Substring($0.dropFirst())) + "\n" }.joined()
                changes.append(Change(path: path, kind: .add, diff: content))
            } else if let path = header.path(after: "*** Delete File: ") {
                guard lines.takeSection().isEmpty else { throw Fault.badLine(lines.startIndex) }
                changes.append(Change(path: path, kind: .delete, diff: ""))
            } else if let path = header.path(after: "*** Update File: ") {
                let movePath = lines.first?.path(after: "*** Move to: ")
                if movePath != nil { lines.removeFirst() }
                let hunks = lines.takeSection().map { String(Substring($0)) }.joined(separator: "\n")
                changes.append(Change(path: path, kind: .update(movePath: movePath), diff: hunks))
            } else {
                throw Fault.badLine(lines.startIndex)
            }
        }
        guard !changes.isEmpty else { throw Fault.noEnd }
        return changes
    }
}

extension Patch.Line {
    /// nil for a path with white space at either end or with a control character: codex trims its headers, and would
    /// use a different path from the one that is shown.
    fileprivate func path(after prefix: String) -> String? {
        guard starts(with: prefix.utf8) else { return nil }
        let path = String(Substring(dropFirst(prefix.utf8.count)))
        guard let first = path.unicodeScalars.first, let last = path.unicodeScalars.last,
            !first.properties.isWhitespace, !last.properties.isWhitespace,
            !path.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
        else { return nil }
        return path
    }
}

extension ArraySlice<Patch.Line> {
    /// The lines up to the next section's header.
    fileprivate mutating func takeSection() -> ArraySlice<Patch.Line> {
        let end = firstIndex { $0.starts(with: "***".utf8) && !$0.elementsEqual("*** End of File".utf8) } ?? endIndex
        defer { self = self[end...] }
        return self[..<end]
    }
}
