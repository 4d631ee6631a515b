import Policy

/// One entry of `rules`. Each key is named like a parameter of ``CommandRule``.
struct RuleSetting {
    typealias Problem = RulesFileError.Problem

    private static let known = [
        "name", "decision", "programs", "subcommands", "options", "optionsWithValue", "operands", "maximumOperands",
        "arguments", "directories", "roles",
    ]

    private let setting: Setting
    private let members: [Setting.Member]

    init(_ setting: Setting) throws(Problem) {
        self.setting = setting
        members = try setting.members(known: Self.known)
    }

    func rule(_ resolve: (String) -> String?) throws(Problem) -> CommandRule {
        let name = try required("name").text()
        let decision: CommandRule.Decision = try required("decision").choice()
        let programs = try required("programs").texts()
        let subcommands = try value("subcommands")?.texts() ?? []
        let options = try value("options")?.texts() ?? []
        let optionsWithValue = try optionsWithValue()
        let operands = try value("operands").map(Self.values) ?? .oneOf([])
        let maximumOperands = try value("maximumOperands")?.count()
        let arguments = try value("arguments")?.texts() ?? []
        let directories = try directories(resolve)
        let roles = try roles()
        do {
            return try CommandRule(
                name: name, decision: decision, programs: programs, subcommands: subcommands, options: options,
                optionsWithValue: optionsWithValue, operands: operands, maximumOperands: maximumOperands,
                arguments: arguments, directories: directories, roles: roles)
        } catch {
            throw problem(error)
        }
    }

    private func value(_ name: String) -> Setting? { members.first { $0.name == name }?.value }

    private func required(_ name: String) throws(Problem) -> Setting {
        guard let value = value(name) else { throw setting.problem("`\(name)` is missing") }
        return value
    }

    private func optionsWithValue() throws(Problem) -> [String: CommandRule.Values] {
        var options: [String: CommandRule.Values] = [:]
        for member in try value("optionsWithValue")?.members() ?? [] {
            options[member.name] = try Self.values(member.value)
        }
        return options
    }

    private static func values(_ setting: Setting) throws(Problem) -> CommandRule.Values {
        switch setting.content {
        case .text("any", _): return .any
        case .list: return .oneOf(try setting.texts())
        default: throw setting.problem("must be `any` or a list, not \(setting.shown)")
        }
    }

    /// A rule that asks in a directory must apply under every name of that directory, so links are resolved as for
    /// roots.
    private func directories(_ resolve: (String) -> String?) throws(Problem) -> [String]? {
        guard let items = try value("directories")?.list() else { return nil }
        return try RulesFile.directories(items, resolve)
    }

    private func roles() throws(Problem) -> Set<Role>? {
        guard let items = try value("roles")?.list() else { return nil }
        var roles: Set<Role> = []
        for item in items { roles.insert(try item.choice()) }
        return roles
    }

    /// Points at the invalid text, or else at its key, or else at the rule.
    private func problem(_ error: CommandRule.Invalid) -> Problem {
        // `CommandRule` reports an error for either key under `operands`.
        let key = error.key == "operands" && value("operands") == nil ? "maximumOperands" : error.key
        guard let value = value(key) else { return setting.problem(error.description) }
        let place = value.place { error.reason.hasPrefix("`\($0)`") } ?? (value.line, value.path)
        return Problem(line: place.line, key: place.path, reason: error.reason)
    }
}

extension Setting {
    /// The place of a text in this value, as an item, a name or a value.
    fileprivate func place(of isWanted: (String) -> Bool) -> (line: Int?, path: String)? {
        switch content {
        case .text(let text, _): return isWanted(text) ? (line, path) : nil
        case .list(let items):
            for item in items {
                if let place = item.place(of: isWanted) { return place }
            }
            return nil
        case .members(let members):
            for member in members {
                if isWanted(member.name) { return (member.line, member.value.path) }
                if let place = member.value.place(of: isWanted) { return place }
            }
            return nil
        }
    }
}
