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
        /// The content of an added file; the hunks of an updated one.
        public let diff: String
    }

    public enum Fault: Error { case noBegin, noEnd, badLine(Int) }

    public let text: String

    public init(text: String) { self.text = text }

    /// The patch of `apply_patch <<'EOF' … EOF`, the form in which it reaches the shell tool. Nil unless the
    /// command is that and nothing else: whatever might do more is shown as a command.
    public init?(inShellCommand command: String) {
        let lines = command.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, let marker = Self.heredocMarker(first) else { return nil }
        guard let end = lines.dropFirst().firstIndex(where: { $0 == marker }) else { return nil }
        guard lines[(end + 1)...].allSatisfy({ $0.allSatisfy(\.isWhitespace) }) else { return nil }
        text = lines[1..<end].joined(separator: "\n")
    }

    private static func heredocMarker(_ line: Substring) -> Substring? {
        var rest = line.drop(while: \.isWhitespace)
        for name in ["apply_patch", "applypatch"] where rest.hasPrefix(name) {
            rest = rest.dropFirst(name.count).drop(while: \.isWhitespace)
            guard rest.hasPrefix("<<") else { return nil }
            rest = rest.dropFirst(2)
            while rest.last?.isWhitespace == true { rest = rest.dropLast() }
            // Only a quoted marker: the shell would expand $(…) inside an unquoted one.
            guard let quote = rest.first, quote == "'" || quote == "\"", rest.count > 2, rest.last == quote else {
                return nil
            }
            let marker = rest.dropFirst().dropLast()
            return marker.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } ? marker : nil
        }
        return nil
    }

    public func changes() throws -> [Change] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        while lines.first?.allSatisfy(\.isWhitespace) == true { lines.removeFirst() }
        while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
        guard lines.first == "*** Begin Patch" else { throw Fault.noBegin }
        guard lines.last == "*** End Patch" else { throw Fault.noEnd }
        lines = lines.dropFirst().dropLast()
        var changes: [Change] = []
        while let header = lines.popFirst() {
            if let path = header.path(after: "*** Add File: ") {
                let body = lines.takeSection()
                guard body.allSatisfy({ $0.hasPrefix("+") }) else { throw Fault.badLine(lines.startIndex) }
                let content = body.map { $0.dropFirst() + "\n" }.joined()
                changes.append(Change(path: path, kind: .add, diff: content))
            } else if let path = header.path(after: "*** Delete File: ") {
                guard lines.takeSection().isEmpty else { throw Fault.badLine(lines.startIndex) }
                changes.append(Change(path: path, kind: .delete, diff: ""))
            } else if let path = header.path(after: "*** Update File: ") {
                let movePath = lines.first?.path(after: "*** Move to: ")
                if movePath != nil { lines.removeFirst() }
                let hunks = lines.takeSection().joined(separator: "\n")
                changes.append(Change(path: path, kind: .update(movePath: movePath), diff: hunks))
            } else {
                throw Fault.badLine(lines.startIndex)
            }
        }
        guard !changes.isEmpty else { throw Fault.noEnd }
        return changes
    }
}

extension Substring {
    fileprivate func path(after prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}

extension ArraySlice<Substring> {
    /// The lines up to the next section's header.
    fileprivate mutating func takeSection() -> ArraySlice<Substring> {
        let end = firstIndex { $0.hasPrefix("*** ") && $0 != "*** End of File" } ?? endIndex
        defer { self = self[end...] }
        return self[..<end]
    }
}
