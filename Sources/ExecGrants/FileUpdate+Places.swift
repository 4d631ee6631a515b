extension FileUpdate {
    /// The line numbers of a hunk's first line, from 1: in the file as it is, and as it will be.
    public struct Place: Sendable, Hashable {
        public let before: Int
        public let after: Int

        public init(before: Int, after: Int) {
            self.before = before
            self.after = after
        }
    }

    /// Longer searches are not made: lines of the file times lines to find.
    static let longestSearch = 2_000_000

    /// Where each hunk applies. An element is nil for a hunk that codex applies otherwise than it is written. All are nil
    /// if the hunks do not match the file, the file is not text, or the search would take too long.
    public func places(in content: [UInt8]) -> [Place?] {
        let none = [Place?](repeating: nil, count: hunks.count)
        let sought = hunks.reduce(0) { $0 + $1.lines.count + 1 }
        let lineCount = content.reduce(1) { $1 == 0x0A || $1 == 0x0D ? $0 + 1 : $0 }
        guard lineCount * sought <= Self.longestSearch,
            let file = TextFile(content), let found = found(in: file)
        else { return none }
        var places = none
        var shift = 0
        // A hunk of added lines goes to the end of the file, after later hunks.
        for (index, (hunk, start)) in found.enumerated().sorted(by: {
            ($0.element.start, $0.offset) < ($1.element.start, $1.offset)
        }) {
            if hunk == hunks[index] { places[index] = Place(before: start + 1, after: start + shift + 1) }
            shift += hunk.lines.reduce(0) { $0 + ($1.kind == .added ? 1 : $1.kind == .gone ? -1 : 0) }
        }
        return places
    }
}
