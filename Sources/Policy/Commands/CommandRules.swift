/// The rules of the configuration. Without rules, every command is asked.
///
/// Their order has no meaning: deny beats ask, and ask beats allow. So a rule can be added without reading the others,
/// and the more careful rule wins.
public struct CommandRules: Sendable, Hashable {
    public enum Verdict: Sendable, Hashable {
        /// A person decides, because this rule says so or because no rules allow the whole script.
        case ask(rule: String?)
        /// Every command of the script is allowed. Lists each rule's name once.
        case allow(rules: [String])
        case deny(rule: String)
    }

    /// Every command is asked.
    public static let none = CommandRules()

    public let rules: [CommandRule]

    private init() { rules = [] }

    /// - Throws: ``CommandRule/Invalid`` if two rules have the same name, because the record could not tell them apart.
    public init(_ rules: [CommandRule]) throws(CommandRule.Invalid) {
        var names: Set<String> = []
        for rule in rules where !names.insert(rule.name).inserted {
            throw CommandRule.Invalid(key: "name", reason: "`\(rule.name)` is the name of two rules")
        }
        self.rules = rules
    }

    /// Whether some rule denies or asks, and what the rule concerns may be in the script: it is not a ``ShellScript``, or
    /// runs a program that runs others. A thread that asks nothing must ask about such a script.
    public func mayForbid(_ script: String) -> Bool {
        guard rules.contains(where: { $0.decision != .allow }) else { return false }
        guard let script = try? ShellScript(parsing: script) else { return true }
        return script.commands.contains { AlwaysAsked.program($0.program) || !AlwaysAsked.isProgramName($0.program) }
    }

    /// The verdict on a script that the agent wants the shell to run.
    ///
    /// A script that is not a ``ShellScript`` is asked, even if a rule would deny what it seems to contain: its
    /// contents cannot be determined.
    /// - Parameters:
    ///   - script: As the shell would receive it.
    ///   - directory: Where it would run, absolute, with links resolved. nil: unknown.
    ///   - role: The role of the person whose input the turn acts on. nil: unknown.
    /// - Returns: The verdict on the script as a whole.
    public func verdict(for script: String, directory: String?, role: Role?) -> Verdict {
        guard !rules.isEmpty, let script = try? ShellScript(parsing: script) else { return .ask(rule: nil) }

        func concern(_ decision: CommandRule.Decision) -> CommandRule? {
            rules.first { rule in
                rule.decision == decision
                    && script.commands.contains { rule.concerns($0, directory: directory, role: role) }
            }
        }
        if let rule = concern(.deny) { return .deny(rule: rule.name) }
        if let rule = concern(.ask) { return .ask(rule: rule.name) }

        var names: [String] = []
        for command in script.commands {
            guard let rule = rules.first(where: { $0.allows(command, directory: directory, role: role) }) else {
                return .ask(rule: nil)
            }
            if !names.contains(rule.name) { names.append(rule.name) }
        }
        return .allow(rules: names)
    }
}
