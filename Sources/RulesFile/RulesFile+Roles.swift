import Access
import Policy

extension RulesFile {
    typealias Problem = RulesFileError.Problem

    static func methods(_ section: Setting, _ problems: inout Problems) -> MethodPermissions {
        var roles: [String: Role] = [:]
        let members = problems.attempt { () throws(Problem) in try section.members(known: Role.names) } ?? []
        for member in members {
            guard let items = problems.attempt(member.value.list), let role = Role(rawValue: member.name) else {
                continue
            }
            for item in items {
                _ = problems.attempt { () throws(Problem) in
                    let method = try Self.method(item)
                    guard roles.updateValue(role, forKey: method) == nil else {
                        throw item.problem("`\(method)` occurs twice")
                    }
                }
            }
        }
        return MethodPermissions(changes: roles)
    }

    /// Only codex knows whether the method exists. A text that cannot be a method is an error in any case.
    private static func method(_ item: Setting) throws(Problem) -> String {
        let text = try item.text()
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let isName = parts.allSatisfy { part in
            !part.isEmpty
                && part.utf8.allSatisfy {
                    (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF) || $0 == UInt8(ascii: "_")
                }
        }
        guard isName else { throw item.problem("\(item.shown) is not a method name, such as thread/start") }
        return text
    }
}

extension Role {
    static let names = allCases.map(\.rawValue)
}
