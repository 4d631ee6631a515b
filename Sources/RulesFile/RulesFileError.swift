/// What is wrong with the file. Nothing of it was taken over.
public struct RulesFileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One fault.
    public struct Problem: Error, Sendable, Hashable {
        /// From 1. Nil: it is about the file as a whole.
        public let line: Int?
        /// The way to the value, as in `rules[3].options`; lists count from 0. Nil: it is about no value.
        public let key: String?
        public let reason: String
    }

    /// At most this many are told at once.
    public static let maximumProblems = 20

    /// As it was named to the reader.
    public let file: String
    /// By line, at least one. YAML that cannot be read at all is one problem.
    public let problems: [Problem]

    /// Of the first problem.
    public var line: Int? { problems.first?.line }
    /// Of the first problem.
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

/// Collects what is wrong in several places, so that a person can mend all of it at once.
struct Problems {
    private(set) var list: [RulesFileError.Problem] = []

    /// The result, or nil when it threw, which is then in the list.
    mutating func attempt<Value>(_ body: () throws(RulesFileError.Problem) -> Value) -> Value? {
        do {
            return try body()
        } catch {
            list.append(error)
            return nil
        }
    }
}
