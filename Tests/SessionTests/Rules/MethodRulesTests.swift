import CodexProtocol
import Foundation
import JSON
import JSONRPC
import Policy
@testable import Session
import Testing

/// Which roles may call which methods.
@Suite struct MethodRulesTests {
    private static func principal(_ role: Role) -> Principal {
        Principal(.token(id: role.rawValue, name: "ann"), role: role)
    }

    @Test(arguments: [
        "thread/shellCommand", "config/value/write", "config/batchWrite", "config/mcpServer/reload", "config/read",
        "experimentalFeature/enablement/set", "environment/add", "skills/config/write", "skills/extraRoots/set",
        "mcpServer/tool/call", "mcpServer/resource/read", "mcpServer/event/stream/start", "externalAgentConfig/import",
        "plugin/install", "plugin/uninstall", "plugin/reconcile", "plugin/share/save", "plugin/share/checkout",
        "thread/approveGuardianDeniedAction", "feedback/upload", "memory/reset", "rollout/compress", "command/exec",
        "command/exec/write", "command/exec/terminate", "process/spawn", "process/kill", "process/writeStdin",
        "fs/readFile", "fs/writeFile", "fs/remove", "fs/copy", "fs/createDirectory", "fs/watch", "marketplace/add",
        "marketplace/remove", "windowsSandbox/setupStart", "account/login/start", "account/logout", "thread/delete",
        "fuzzyFileSearch", "gitDiffToRemote", "thread/revert", "thread/increment_elicitation", "what/comes/later", "",
        "Thread/list", "thread/list ", "thread/list/", "turn/start\u{0}",
    ])
    func whatActsOnTheMachineAndWhatNobodyKnowsIsForAdmins(_ method: String) {
        for role in Role.allCases.dropLast() {
            let error = Self.refusal(method, Self.principal(role))
            #expect(error?.code == .refused)
            #expect(error?.message == "\(method) needs the role admin; you are \(role.rawValue).")
            #expect(error?.data == ["method": .string(method), "roleNeeded": "admin"])
        }
        #expect(Self.refusal(method, Self.principal(.admin)) == nil)
        #expect(Self.refusal(method, .local) == nil)
    }

    @Test(arguments: [
        "thread/start", "turn/start", "turn/steer", "turn/interrupt", "thread/fork", "thread/settings/update",
        "turn/settings/update", "review/start", "thread/name/set", "thread/archive", "thread/queue/add",
    ])
    func workingNeedsAnOperator(_ method: String) {
        #expect(Self.refusal(method, Self.principal(.viewer))?.data?["roleNeeded"] == "operator")
        for role in [Role.operator, .approver, .admin] { #expect(Self.refusal(method, Self.principal(role)) == nil) }
    }

    @Test(arguments: [
        "initialize", "thread/list", "thread/read", "thread/resume", "thread/turns/list", "thread/unsubscribe",
        "model/list", "account/read", "mcpServerStatus/list", "skills/list", "plugin/list",
    ])
    func watchingIsForEverybody(_ method: String) {
        for role in Role.allCases { #expect(Self.refusal(method, Self.principal(role)) == nil) }
    }

    @Test(arguments: ["remoteControl/enable", "remoteControl/pairing/start", "remoteControl/later"])
    func remoteControlIsOffForEverybody(_ method: String) {
        for principal in [Principal.local, .guest] {
            #expect(Self.refusal(method, principal)?.message.hasPrefix("\(method): ") == true)
        }
    }

    /// A name that the protocol does not know would be an unnoticed mistake in the table.
    @Test func theTableNamesMethodsOfTheProtocol() {
        let known = Set(ClientRequest.Method.allCases.map(\.rawValue))
        for role in Role.allCases {
            #expect(MethodPermissions().methods(of: role).filter { !known.contains($0) } == [])
        }
    }

    @Test func thePageAboutRolesSaysTheSame() throws {
        let root = #filePath.components(separatedBy: "/Tests/")[0]
        let page = try String(contentsOfFile: "\(root)/docs/roles.md", encoding: .utf8)
        for role in [Role.viewer, .operator] {
            let section = try #require(page.components(separatedBy: "### \(role.rawValue)\n").last)
            let list = section.components(separatedBy: "```\n")[1].split(separator: "\n").map(String.init)
            #expect(list == MethodPermissions().methods(of: role))
        }
    }

    @Test func theConfigurationMovesMethods() {
        let permissions = MethodPermissions(changes: ["thread/delete": .approver, "turn/start": .admin])
        #expect(permissions.roleNeeded(for: "thread/delete") == .approver)
        #expect(permissions.roleNeeded(for: "turn/start") == .admin)
        #expect(permissions.roleNeeded(for: "turn/steer") == .operator)
    }

    private static func refusal(_ method: String, _ principal: Principal) -> ErrorReply? {
        SessionTests.refusal { () throws(ErrorReply) in
            try MethodRules.check(method, principal: principal, permissions: MethodPermissions())
        }
    }
}
