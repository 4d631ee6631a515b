/// A patch's changes to one file: the hunks as codex reads them, and the result of applying them as codex 0.163 does.
///
/// A hunk lists removed and added lines. codex searches for its position after the previous hunk: first for an exact
/// match, then ignoring trailing white space, then leading and trailing white space, and then also the kind of dashes,
/// quotes and spaces.
public struct FileUpdate: Sendable, Hashable {
    /// A line without its line end.
    public typealias Line = [UInt8]

    struct Hunk: Sendable, Hashable {
        enum Kind: Sendable, Hashable { case kept, gone, added }

        /// The line after `@@ `, which must occur somewhere before the hunk.
        var context: Line?
        var lines: [(kind: Kind?, text: Line)] = []
        /// `*** End of File`: the old lines are the last lines of the file.
        var isAtEnd = false

        var old: [Line] { lines.filter { $0.kind != .added }.map(\.text) }

        /// An empty last line may represent the file's final line end. This hunk omits it from the old and new lines.
        var withoutLastEmptyLine: Hunk? {
            guard let old = lines.lastIndex(where: { $0.kind != .added }), lines[old].text.isEmpty else { return nil }
            var hunk = self
            let new = lines.lastIndex { $0.kind != .gone }
            hunk.lines[old].kind = lines[old].kind == .kept ? .added : nil
            if let new, lines[new].text.isEmpty { hunk.lines[new].kind = hunk.lines[new].kind == .kept ? .gone : nil }
            hunk.lines.removeAll { $0.kind == nil }
            return hunk
        }

        static func == (one: Hunk, other: Hunk) -> Bool {
            one.context == other.context && one.isAtEnd == other.isAtEnd
                && one.lines.elementsEqual(other.lines) { $0 == $1 }
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(context)
            for line in lines { hasher.combine(line.text) }
        }
    }

    let hunks: [Hunk]

    /// nil for text that is not a list of hunks, or that codex might read differently.
    public init?(diff: String) {
        guard !diff.isEmpty else { return nil }
        var hunks: [Hunk] = []
        for raw in diff.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
            let line = raw.last == 0x0D ? raw.dropLast() : raw[...]
            guard !line.contains(0x0D) else { return nil }
            let isMark = line.starts(with: "@@".utf8)
            if isMark {
                guard hunks.last?.lines.isEmpty != true, let hunk = Hunk(mark: line) else { return nil }
                hunks.append(hunk)
                continue
            }
            if hunks.isEmpty { hunks.append(Hunk()) }
            let last = hunks.count - 1
            if hunks[last].isAtEnd {
                guard line.isEmpty else { return nil }
                continue
            }
            if line.elementsEqual("*** End of File".utf8) {
                hunks[last].isAtEnd = true
                continue
            }
            let text = Array(line.dropFirst())
            switch line.first {
            case nil: hunks[last].lines.append((.kept, text))
            case UInt8(ascii: " "):
                guard !Self.isHeader(text) else { return nil }
                hunks[last].lines.append((.kept, text))
            case UInt8(ascii: "-"): hunks[last].lines.append((.gone, text))
            case UInt8(ascii: "+"): hunks[last].lines.append((.added, text))
            default: return nil
            }
        }
        guard !hunks.isEmpty, hunks.allSatisfy({ !$0.lines.isEmpty }) else { return nil }
        self.hunks = hunks
    }

    /// codex accepts white space before the headers of a patch.
    private static func isHeader(_ text: Line) -> Bool {
        let trimmed = String(String.UnicodeScalarView(TextFile.Form.trimmed.text(text)))
        return [
            "Begin Patch", "End Patch", "Add File", "Delete File", "Update File", "Move to", "Environment ID",
            "End of File",
        ]
        .contains { trimmed.utf8.starts(with: "*** \($0)".utf8) }
    }

    /// nil if the hunks do not match the file, or the file is not text.
    public func applied(to content: [UInt8]) -> [UInt8]? {
        guard let file = TextFile(content), let found = found(in: file) else { return nil }
        return file.replacing(found.flatMap { $0.hunk.replacements(at: $0.start) })
    }

    /// The hunks with the index of their first old line; added lines only go to the end of the file. A hunk may be
    /// returned without its last empty line. nil if one of them does not match.
    func found(in file: TextFile) -> [(hunk: Hunk, start: Int)]? {
        var result: [(hunk: Hunk, start: Int)] = []
        var index = 0
        for var hunk in hunks {
            if let context = hunk.context {
                guard let found = file.find([context], from: index) else { return nil }
                index = found + 1
            }
            var old = hunk.old
            guard !old.isEmpty else {
                result.append((hunk, file.lines.count))
                continue
            }
            var found = file.find(old, from: index, isAtEnd: hunk.isAtEnd)
            if found == nil, let shorter = hunk.withoutLastEmptyLine {
                hunk = shorter
                old = hunk.old
                found = file.find(old, from: index, isAtEnd: hunk.isAtEnd)
            }
            guard let start = found else { return nil }
            result.append((hunk, start))
            index = start + old.count
        }
        return result
    }
}

extension FileUpdate.Hunk {
    /// The removed and added lines between kept lines. Kept lines keep the file's text, which may differ in white
    /// space.
    fileprivate func replacements(at start: Int) -> [TextFile.Replacement] {
        var index = start
        var replacements: [TextFile.Replacement] = []
        var isBehindKept = true
        for (kind, text) in lines {
            if kind == .kept {
                index += 1
                isBehindKept = true
                continue
            }
            if isBehindKept { replacements.append(.init(start: index, count: 0, new: [])) }
            isBehindKept = false
            if kind == .added {
                replacements[replacements.count - 1].new.append(text)
            } else {
                replacements[replacements.count - 1].count += 1
                index += 1
            }
        }
        return replacements
    }

    /// `@@`, or `@@ ` followed by a line.
    fileprivate init?(mark line: Substring.UTF8View) {
        let text = line.dropFirst(2)
        guard text.isEmpty || text.first == UInt8(ascii: " ") else { return nil }
        context = text.count > 1 ? Array(text.dropFirst()) : nil
    }
}
