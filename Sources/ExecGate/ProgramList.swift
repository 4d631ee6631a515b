import JSON

/// What codex may start without a grant: each is named by its exact command line, or by its first words.
public struct ProgramList: Sendable {
    /// What may come from a program of this list.
    public enum Descendants: Sendable, Hashable {
        /// It starts nothing.
        case none
        /// Only these command lines.
        case only([[String]])
        /// Whatever it likes: a program of the administrator's.
        case any
    }

    public struct Program: Sendable {
        /// For people: what it is.
        public let name: String
        /// The command line, the path first.
        public let words: [String]
        /// More words may follow: a program that codex calls with an event, say.
        public let isPrefix: Bool
        /// Where a word stands that may be any one: what somebody looks for, say. Never the path's place.
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
            // codex looks a name without a directory up in PATH.
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
    /// Helpers of codex's that are kept out on purpose, so that no alarm is raised: what they would tell codex is not
    /// worth what they run. The names of their files, without directories.
    public var keptOut: [String]

    /// Everything else is kept out, too: for a run of codex that is only asked something.
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
