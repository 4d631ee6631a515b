import Policy

extension RulesFile {
    static func floors(
        _ section: Setting, _ defaults: Floors, _ resolve: (String) -> String?, _ problems: inout Problems
    ) -> Floors {
        var floors = defaults
        let members =
            problems.attempt { () throws(Problem) in try section.members(known: Role.names + ["local"]) } ?? []
        for member in members {
            if let role = Role(rawValue: member.name) {
                change(&floors[role], member.value, resolve, &problems)
            } else {
                change(&floors.local, member.value, resolve, &problems)
            }
        }
        return floors
    }

    private static func change(
        _ floor: inout Floor, _ setting: Setting, _ resolve: (String) -> String?, _ problems: inout Problems
    ) {
        let known = ["approvalPolicy", "sandbox", "roots", "network", "sessionApprovals", "lastingApprovals"]
        let members = problems.attempt { () throws(Problem) in try setting.members(known: known) } ?? []
        for member in members {
            _ = problems.attempt { () throws(Problem) in
                switch member.name {
                case "approvalPolicy": floor.approvalPolicy = try member.value.choice()
                case "sandbox": floor.sandbox = try member.value.choice()
                case "roots": floor.roots = try roots(member.value, resolve)
                case "network": floor.network = try member.value.bool()
                case "sessionApprovals": floor.sessionApprovals = try member.value.bool()
                case "lastingApprovals": floor.lastingApprovals = try member.value.bool()
                default: throw member.value.problem("is not read")
                }
            }
        }
    }

    /// Returns nil for `any`.
    private static func roots(_ setting: Setting, _ resolve: (String) -> String?) throws(Problem) -> [String]? {
        if case .text("any", _) = setting.content { return nil }
        guard case .list(let items) = setting.content else {
            throw setting.problem("must be `any` or a list of directories, not \(setting.shown)")
        }
        guard !items.isEmpty else { throw setting.problem("is empty; write `any` for every directory") }
        return try directories(items, resolve)
    }

    /// Returns the directories with links resolved.
    static func directories(_ items: [Setting], _ resolve: (String) -> String?) throws(Problem) -> [String] {
        var directories: [String] = []
        for item in items {
            let path = try item.text()
            guard path.utf8.first == UInt8(ascii: "/") else {
                throw item.problem("\(item.shown) is not an absolute path: it must begin with /")
            }
            guard let directory = resolve(path) else { throw item.problem("\(item.shown) is not a directory") }
            directories.append(directory)
        }
        return directories
    }
}
