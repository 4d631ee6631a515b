public import Access
public import Policy

/// What `--config sre-agent.yaml` says: roles, floor, proxy and approval rules. Whole and checked, or an error; what
/// the file does not name keeps its default.
///
/// The schema is in `sre-agent.example.yaml`. An unknown key is an error, since a misspelt restriction would be none.
public struct RulesFile: Sendable, Hashable {
    /// Proxies whose word is taken for who the user is.
    public struct Proxy: Sendable, Hashable {
        public let addresses: TrustedProxies
        public let identity: ProxyIdentity
    }

    /// 1 MiB.
    public static let maximumSize = 1 << 20

    public let methods: MethodPermissions
    public let floors: Floors
    /// Nil: no proxy is trusted.
    public let proxy: Proxy?
    public let rules: CommandRules

    /// - Parameters:
    ///   - text: The file's content.
    ///   - name: The file's name in errors.
    ///   - defaults: The floors where the file says nothing.
    ///   - resolve: The directory that an absolute path names, with links resolved; nil when there is none. Asked for
    ///     `roots` and for the `directories` of rules: commands are checked against paths without links.
    /// - Throws: ``RulesFileError`` with up to ``RulesFileError/maximumProblems`` problems.
    public init(
        text: String, name: String = "sre-agent.yaml", defaults: Floors, resolve: (String) -> String?
    ) throws(RulesFileError) {
        let root: Setting?
        do {
            root = try Document.read(text)
        } catch {
            throw RulesFileError(file: name, problems: [error])
        }

        var problems = Problems()
        let sections = problems.attempt { () throws(RulesFileError.Problem) in
            try root?.members(known: ["roles", "floor", "proxy", "rules"]) ?? []
        }
        // A section of which everything is commented out has no value.
        func section(_ name: String) -> Setting? {
            sections?.first { $0.name == name && !$0.value.isEmpty }?.value
        }
        methods = section("roles").map { Self.methods($0, &problems) } ?? MethodPermissions()
        floors = section("floor").map { Self.floors($0, defaults, resolve, &problems) } ?? defaults
        proxy = section("proxy").flatMap { Self.proxy($0, &problems) }
        rules = section("rules").map { Self.rules($0, resolve, &problems) } ?? .none
        if !problems.list.isEmpty { throw RulesFileError(file: name, problems: problems.list) }
    }
}
