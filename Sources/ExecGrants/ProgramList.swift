import JSON

/// The programs that codex may start without a grant, each identified by its exact command line or by its first words.
public struct ProgramList: Sendable {
    /// The programs that a program of this list may start.
    public enum Descendants: Sendable, Hashable {
        /// None.
        case none
        /// Only these command lines.
        case only([[String]])
        /// Any: the program is the administrator's.
        case any
    }

    public struct Program: Sendable {
        /// A description for messages.
        public let name: String
        /// The command line, beginning with the path.
        public let words: [String]
        /// More words may follow, for example if codex calls the program with an event.
        public let isPrefix: Bool
        /// The index of a word that may have any value, for example a search text. Never the index of the path.
        public let freeWord: Int?
        public let descendants: Descendants

        public init(
            name: String, words: [String], isPrefix: Bool = false, freeWord: Int? = nil, descendants: Descendants
        ) {
            self.name = name
            self.words = words
            self.isPrefix = isPrefix
            self.freeWord = freeWord
            self.descendants = descendants
        }

        func matches(_ call: ExecCall) -> Bool {
            guard let path = words.first else { return false }
            // codex looks up a name without a directory in PATH.
            guard path.isIdentical(to: call.path) || !path.contains("/") && call.path.hasSuffix("/\(path)") else {
                return false
            }
            let rest = Array(words.dropFirst())
            var given = Array(call.arguments.dropFirst())
            if let freeWord, given.indices.contains(freeWord - 1) { given[freeWord - 1] = words[freeWord] }
            return isPrefix ? Array(given.prefix(rest.count)).isIdentical(to: rest) : given.isIdentical(to: rest)
        }
    }

    public var programs: [Program]
    /// File names, without directories, of codex's helpers that are refused on purpose and without an alarm: the
    /// information that they give codex is not worth the programs that they run.
    public var keptOut: [String]

    /// Refuses all other programs in the same way, for a codex run that only answers requests.
    public var keepsOutTheRest = false

    public init(programs: [Program], keptOut: [String] = []) {
        self.programs = programs
        self.keptOut = keptOut
    }

    func program(for call: ExecCall) -> Program? { programs.first { $0.matches(call) } }

    func keepsOut(_ call: ExecCall) -> Bool {
        let file = call.path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? ""
        return keepsOutTheRest || keptOut.contains { $0.isIdentical(to: file) }
    }
}
