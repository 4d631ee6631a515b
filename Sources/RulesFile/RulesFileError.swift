/// The problems in the file. The server took over none of its content.
public struct RulesFileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A problem in the file.
    public struct Problem: Error, Sendable, Hashable {
        /// Counts from 1. Nil: the problem concerns the file as a whole.
        public let line: Int?
        /// The path to the value, as in `rules[3].options`; lists count from 0. Nil: the problem concerns no single
        /// value.
        public let key: String?
        public let reason: String
    }

    /// The most problems reported at once.
    public static let maximumProblems = 20

    /// The file's name as the caller gave it.
    public let file: String
    /// Sorted by line, at least one. Unreadable YAML is one problem.
    public let problems: [Problem]

    /// The first problem's line.
    public var line: Int? { problems.first?.line }
    /// The first problem's key.
    public var key: String? { problems.first?.key }

    init(file: String, problems: [Problem]) {
        self.file = file
        self.problems = Array(problems.sorted { ($0.line ?? 0) < ($1.line ?? 0) }.prefix(Self.maximumProblems))
    }

    /// One line per problem: `sre-agent.yaml:12: rules[3].options: …`.
    public var description: String {
        problems.map { problem in
            let place = problem.line.map { "\(file):\($0)" } ?? file
            return "\(place): \(problem.key.map { "\($0): " } ?? "")\(problem.reason)"
        }.joined(separator: "\n")
    }
}

/// Collects problems from several places, so that a person can fix all of them at once.
struct Problems {
    private(set) var list: [RulesFileError.Problem] = []

    /// Returns the result, or nil if `body` threw, after adding the error to the list.
    mutating func attempt<Value>(_ body: () throws(RulesFileError.Problem) -> Value) -> Value? {
        do {
            return try body()
        } catch {
            list.append(error)
            return nil
        }
    }
}
