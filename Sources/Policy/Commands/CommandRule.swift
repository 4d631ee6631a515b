/// What is decided about commands of some programs without asking a person, or what a person is always asked about.
///
/// A rule that allows is a list of what may be there: program, subcommand, options, operands. A rule that asks or
/// denies is a list of what must not be there, and matches when in doubt.
public struct CommandRule: Sendable, Hashable {
    public enum Decision: String, Sendable, CaseIterable {
        case allow
        case ask
        case deny
    }

    /// What an option's value, or an operand, may be.
    public enum Values: Sendable, Hashable {
        /// Every word that does not begin with `-`.
        case any
        /// Literal texts, in which `*` stands for any run of characters but slashes. None: no word at all.
        case oneOf([String])
    }

    /// Names the rule in the record and on the page.
    public let name: String
    public let decision: Decision
    let programs: [WordPattern]
    let subcommands: [[WordPattern]]
    /// For ``Decision/allow``.
    let allowed: AllowedArguments
    /// For ``Decision/ask`` and ``Decision/deny``: one argument must match one of these. Empty: the program is enough.
    let arguments: [WordPattern]
    /// Normalised. Nil: everywhere.
    let directories: [String]?
    /// Nil: everybody.
    let roles: Set<Role>?

    /// - Parameters:
    ///   - name: Not empty.
    ///   - decision: What the rule does with a command that it matches.
    ///   - programs: Names, without a path. At least one. Rules that allow name programs literally, and none that runs
    ///     what its arguments say (shells, interpreters, `sudo`, `env`, `xargs`…); in the others `*` stands for any run
    ///     of characters, and `rm` is also `/bin/rm` and the `rm` of `sudo rm`.
    ///   - subcommands: One of them must be there; each is one or more words separated by spaces. Rules that allow want
    ///     them directly after the program and their last word literal, the others in this order anywhere among the arguments. Empty: not looked at.
    ///   - options: Allow only: words beginning with `-` that are allowed. `-h` and `-P` also allow `-hP`.
    ///   - optionsWithValue: Allow only: options that take a value, and what that may be.
    ///   - operands: Allow only: what the other words may be. Default none.
    ///   - maximumOperands: Allow only: how many of them. Nil: any number.
    ///   - arguments: Ask and deny only: patterns, of which one must match an argument.
    ///   - directories: Absolute paths; the command must be run in one of them or below. Nil: anywhere.
    ///   - roles: Of the person whose turn it is. Nil: any.
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
        if roles?.isEmpty == true { throw Invalid(key: "roles", reason: "names nobody; leave it out for everybody") }
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

    /// A rule that is refused, because it says nothing or would allow more than it seems to.
    public struct Invalid: Error, Sendable, Hashable, CustomStringConvertible {
        /// The parameter of ``CommandRule`` at fault.
        public let key: String
        public let reason: String

        public var description: String { "\(key): \(reason)" }
    }
}
