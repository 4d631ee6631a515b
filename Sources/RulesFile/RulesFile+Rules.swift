import Policy

extension RulesFile {
    static func rules(
        _ section: Setting, _ resolve: (String) -> String?, _ problems: inout Problems
    ) -> CommandRules {
        var rules: [CommandRule] = []
        for item in problems.attempt(section.list) ?? [] {
            _ = problems.attempt { () throws(Problem) in
                let rule = try RuleSetting(item).rule(resolve)
                // The record could not tell rules of the same name apart.
                guard !rules.contains(where: { $0.name == rule.name }) else {
                    throw item.member("name").problem("`\(Visible.text(rule.name))` is the name of two rules")
                }
                rules.append(rule)
            }
        }
        return problems.attempt { () throws(Problem) in
            do throws(CommandRule.Invalid) {
                return try CommandRules(rules)
            } catch {
                throw section.problem(error.description)
            }
        } ?? .none
    }
}

extension Setting {
    /// The value of a key, or this value if it has no such key.
    fileprivate func member(_ name: String) -> Setting {
        guard case .members(let members) = content else { return self }
        return members.first { $0.name == name }?.value ?? self
    }
}
