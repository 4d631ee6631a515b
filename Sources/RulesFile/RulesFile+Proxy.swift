import Access
import Policy

extension RulesFile {
    static func proxy(_ section: Setting, _ problems: inout Problems) -> Proxy? {
        let known = ["addresses", "userHeader", "users", "defaultRole"]
        guard let members = problems.attempt({ () throws(Problem) in try section.members(known: known) }) else {
            return nil
        }
        func member(_ name: String) -> Setting? { members.first { $0.name == name }?.value }

        let addresses = problems.attempt { () throws(Problem) in
            guard let setting = member("addresses") else { throw section.problem("`addresses` is missing") }
            return try Self.addresses(setting)
        }
        let header = problems.attempt { () throws(Problem) in try Self.header(member("userHeader")) }
        let users = problems.attempt { () throws(Problem) in try Self.users(member("users")) }
        let defaultRole = problems.attempt { () throws(Problem) in try member("defaultRole").map(Self.role) }
        return problems.attempt { () throws(Problem) -> Proxy? in
            guard let addresses, let header, let users, let defaultRole else { return nil }
            guard !users.isEmpty || defaultRole != nil else {
                throw section.problem("names no users and no `defaultRole`: every user would be refused")
            }
            let identity = try section.wrapping { () throws(AccessError) in
                try ProxyIdentity(header: header, roles: users, defaultRole: defaultRole)
            }
            return Proxy(addresses: addresses, identity: identity)
        } ?? nil
    }

    private static func addresses(_ setting: Setting) throws(Problem) -> TrustedProxies {
        let items = try setting.list()
        guard !items.isEmpty else { throw setting.problem("is empty; name at least one address") }
        for item in items {
            let text = try item.text()
            _ = try item.wrapping { () throws(AccessError) in try TrustedProxies([text]) }
        }
        let texts = try setting.texts()
        return try setting.wrapping { () throws(AccessError) in try TrustedProxies(texts) }
    }

    private static func header(_ setting: Setting?) throws(Problem) -> String {
        guard let setting else { return ProxyIdentity.defaultHeader }
        let name = try setting.text()
        _ = try setting.wrapping { () throws(AccessError) in try ProxyIdentity(header: name, roles: [:]) }
        return name
    }

    private static func users(_ setting: Setting?) throws(Problem) -> [String: Role] {
        var users: [String: Role] = [:]
        for member in try setting?.members() ?? [] {
            let role = try role(member.value)
            _ = try member.value.wrapping { () throws(AccessError) in try ProxyIdentity(roles: [member.name: role]) }
            users[member.name] = role
        }
        return users
    }

    private static func role(_ setting: Setting) throws(Problem) -> Role { try setting.choice() }
}

extension Setting {
    /// Reports an `AccessError` as a problem of this value.
    fileprivate func wrapping<Value>(_ body: () throws(AccessError) -> Value) throws(Problem) -> Value {
        do throws(AccessError) {
            return try body()
        } catch {
            throw problem(error.description)
        }
    }
}
