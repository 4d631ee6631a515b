public import Access
public import Policy

/// The content of `--config sre-agent.yaml`: roles, floor, proxy and approval rules. Either complete and checked, or an
/// error. Settings that the file does not name keep their defaults.
///
/// The schema is in `sre-agent.example.yaml`. An unknown key is an error, because a misspelled restriction would have
/// no effect.
public struct RulesFile: Sendable, Hashable {
    /// Proxies that may name a request's user.
    public struct Proxy: Sendable, Hashable {
        public let addresses: TrustedProxies
        public let identity: ProxyIdentity
    }

    /// 1 MiB.
    public static let maximumSize = 1 << 20

    public let methods: MethodPermissions
    public let floors: Floors
    /// Nil: no trusted proxy.
    public let proxy: Proxy?
    public let rules: CommandRules

    /// - Parameters:
    ///   - text: The file's content.
    ///   - name: The file's name in errors.
    ///   - defaults: The floors that the file does not set.
    ///   - resolve: Returns the directory that an absolute path names, with links resolved, or nil if it does not exist.
    ///     Called for `roots` and for the `directories` of rules: commands are checked against paths without links.
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
        // A section whose content is all commented out has no value.
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
