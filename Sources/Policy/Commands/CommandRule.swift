/// Decides commands of some programs without asking a person, or lists what a person is always asked about.
///
/// An allow rule lists what is permitted: program, subcommand, options, operands. An ask or deny rule lists what is not
/// permitted, and matches when in doubt.
public struct CommandRule: Sendable, Hashable {
    public enum Decision: String, Sendable, CaseIterable {
        case allow
        case ask
        case deny
    }

    /// Permitted values of an option, or permitted operands.
    public enum Values: Sendable, Hashable {
        /// Every word that does not start with `-`.
        case any
        /// Literal texts, in which `*` stands for any run of characters except slashes. An empty list permits no word.
        case oneOf([String])
    }

    /// The rule's name in the record and on the page.
    public let name: String
    public let decision: Decision
    let programs: [WordPattern]
    let subcommands: [[WordPattern]]
    /// For ``Decision/allow``.
    let allowed: AllowedArguments
    /// For ``Decision/ask`` and ``Decision/deny``: one argument must match one of these. Empty: the program is enough.
    let arguments: [WordPattern]
    /// Normalised. nil: everywhere.
    let directories: [String]?
    /// nil: every role.
    let roles: Set<Role>?

    /// - Parameters:
    ///   - name: Not empty.
    ///   - decision: What the rule does with a command that it matches.
    ///   - programs: Names, without a path. At least one. Allow rules name programs literally, and none that runs what
    ///     its arguments say (shells, interpreters, `sudo`, `env`, `xargs`…); in other rules `*` stands for any run of
    ///     characters, and `rm` also matches `/bin/rm` and the `rm` in `sudo rm`.
    ///   - subcommands: One must match; each is one or more words separated by spaces. Allow rules require them
    ///     directly after the program, with a literal last word; other rules match the words in this order anywhere
    ///     among the arguments. Empty: not checked.
    ///   - options: Allow rules only: permitted words that start with `-`. `-h` and `-P` also permit `-hP`.
    ///   - optionsWithValue: Allow rules only: options that take a value, and the permitted values.
    ///   - operands: Allow rules only: the permitted other words. Default none.
    ///   - maximumOperands: Allow rules only: how many operands are permitted. nil: any number.
    ///   - arguments: Ask and deny rules only: patterns, one of which must match an argument.
    ///   - directories: Absolute paths; the command must run in one of them or below. nil: anywhere.
    ///   - roles: Roles of the person whose input the turn acts on. nil: any.
    /// - Throws: ``Invalid``, which names the parameter at fault.
    public init(
        name: String, decision: Decision, programs: [String], subcommands: [String] = [], options: [String] = [],
        optionsWithValue: [String: Values] = [:], operands: Values = .oneOf([]), maximumOperands: Int? = nil,
        arguments: [String] = [], directories: [String]? = nil, roles: Set<Role>? = nil
    ) throws(Invalid) {
        guard !name.isEmpty else { throw Invalid(key: "name", reason: "must not be empty") }
        self.name = name
        self.decision = decision
        self.programs = try Invalid.programs(programs, decision)
        self.subcommands = try Invalid.subcommands(subcommands, decision)
        self.arguments = try Invalid.patterns(arguments, key: "arguments")
        self.directories = try directories.map { list throws(Invalid) in try Invalid.directories(list) }
        if roles?.isEmpty == true { throw Invalid(key: "roles", reason: "is empty; leave it out for every role") }
        self.roles = roles

        if decision == .allow {
            guard arguments.isEmpty else {
                throw Invalid(key: "arguments", reason: "is for ask and deny; allow lists options and operands")
            }
        } else if !options.isEmpty {
            throw Invalid(key: "options", reason: "is for allow")
        } else if !optionsWithValue.isEmpty {
            throw Invalid(key: "optionsWithValue", reason: "is for allow")
        } else if operands != .oneOf([]) || maximumOperands != nil {
            throw Invalid(key: "operands", reason: "is for allow")
        }
        try Invalid.check(options: options, withValue: optionsWithValue)
        try Invalid.check(operands, key: "operands")
        if let maximumOperands, maximumOperands < 0 {
            throw Invalid(key: "maximumOperands", reason: "must not be negative")
        }
        allowed = AllowedArguments(
            subcommands: self.subcommands, options: Set(options), optionsWithValue: optionsWithValue,
            operands: operands,
            maximumOperands: maximumOperands)
    }

    /// The error for a rule that has no effect or would allow more than it seems to.
    public struct Invalid: Error, Sendable, Hashable, CustomStringConvertible {
        /// The parameter of ``CommandRule`` at fault.
        public let key: String
        public let reason: String

        public var description: String { "\(key): \(reason)" }
    }
}
