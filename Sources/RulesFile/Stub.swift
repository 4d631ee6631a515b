public import Access
public import Policy
import Yams

public struct RulesFile: Sendable {
    public struct Proxies: Sendable { public let addresses: TrustedProxies; public let identity: ProxyIdentity }
    public let methods: MethodTable
    public let floors: Floors
    public let proxies: Proxies?
    public let rules: CommandRules
    public static func read(path: String, defaults: Floors, resolve: (String) -> String?) throws -> RulesFile {
        RulesFile(methods: MethodTable(), floors: defaults, proxies: nil, rules: .none)
    }
}
