/// A patch in the format of codex's `apply_patch` tool, read so that a person sees the change before it is made.
///
/// The format: `*** Begin Patch`, then sections `*** Add File: path` with `+` lines, `*** Delete File: path`,
/// `*** Update File: path` with an optional `*** Move to: path` and hunks under `@@`, then `*** End Patch`.
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
        /// Of a deleted file whose content is not shown: why, and how long it is.
        public var hidden: HiddenContent?
        /// What stands where a file is added, or moved to.
        public var replaced: HookInput.PatchedFile.Content?
        /// Where the path leads, if a link stands in it; of a moved file, where it goes.
        public var leadsTo: String?
    }

    public enum HiddenContent: Sendable, Hashable {
        case binary(bytes: Int)
        case tooLong(bytes: Int)
        /// Nothing is there, or the agent's user may not read it.
        case unreadable
    }

    public enum Fault: Error { case noBegin, noEnd, badLine(Int) }

    public let text: String

    public init(text: String) { self.text = text }

    /// A patch that is a command, and nothing but that.
    public struct InCommand: Sendable, Hashable {
        public let patch: Patch
        /// As it stands in the command: `cd DIRECTORY && apply_patch …`.
        public let directory: String?
        /// Would a shell read it as it stands?
        public let isLiteral: Bool
    }

    /// `apply_patch <<'EOF' … EOF`, also behind `cd DIRECTORY &&`: the forms that codex itself takes for a patch when they
    /// reach its shell tool. Nil unless the command is that and nothing else.
    public static func command(_ command: String) -> InCommand? {
        let lines = Self.lines(of: command)
        guard let first = lines.first, let head = Heredoc(first) else { return nil }
        guard let end = lines.dropFirst().firstIndex(where: { $0.elementsEqual(head.marker) }) else { return nil }
        guard lines[(end + 1)...].allSatisfy({ $0.allSatisfy(Self.isBlank) }) else { return nil }
        let text = lines[1..<end].map { String(Substring($0)) }.joined(separator: "\n")
        return InCommand(patch: Patch(text: text), directory: head.directory, isLiteral: head.isQuoted)
    }

    /// The patch of `apply_patch <<'EOF' … EOF`. Nil for whatever else: what might do more is shown as a command.
    public init?(inShellCommand command: String) {
        // A shell would expand $(…) inside an unquoted one.
        guard let found = Self.command(command), found.isLiteral, found.directory == nil else { return nil }
        self = found.patch
    }

    typealias Line = Substring.UTF8View

    /// Cut at the byte 0x0A, as the shell does it: to Swift a carriage return and a line feed are one character, in
    /// which a line could hide.
    private static func lines(of text: String) -> [Line] {
        text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
    }

    /// What the shell takes for white space inside a line.
    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// Throws ``Fault`` for whatever is not exactly the format: what cannot be read is shown as it is.
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
    /// Nil for a path with white space at an end or a control character in it: codex trims its headers, and would
    /// take another path than the one that is shown.
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
