import JSONRPC
@testable import Session
import Testing

/// Methods that act without asking, and who may call them.
@Suite struct MethodRulesTests {
    @Test(arguments: [
        "thread/shellCommand", "config/value/write", "config/batchWrite", "config/mcpServer/reload",
        "experimentalFeature/enablement/set", "environment/add", "skills/config/write", "skills/extraRoots/set",
        "mcpServer/tool/call", "mcpServer/resource/read", "mcpServer/event/stream/start", "externalAgentConfig/import",
        "plugin/install", "plugin/uninstall", "plugin/reconcile", "plugin/share/save", "plugin/share/checkout",
        "thread/approveGuardianDeniedAction", "feedback/upload", "memory/reset", "rollout/compress", "command/exec",
        "command/exec/write", "command/exec/terminate", "process/spawn", "process/kill", "process/writeStdin",
        "fs/readFile", "fs/writeFile", "fs/remove", "fs/copy", "fs/createDirectory", "fs/watch", "marketplace/add",
        "marketplace/remove", "windowsSandbox/setupStart",
    ])
    func whatActsOnTheMachineIsForTheLocalUser(_ method: String) {
        let error = Self.refusal(method, .guest)
        #expect(error?.code == .refused)
        #expect(error?.message.hasPrefix("\(method) ") == true)
        #expect(Self.refusal(method, .local) == nil)
    }

    @Test(
        arguments: ["remoteControl/enable", "remoteControl/pairing/start", "remoteControl/later"],
        [Actor.local, .guest])
    func remoteControlIsOffForEverybody(_ method: String, _ actor: Actor) {
        #expect(Self.refusal(method, actor)?.message.hasPrefix("\(method): ") == true)
    }

    @Test(arguments: [
        "initialize", "thread/start", "turn/start", "turn/steer", "turn/interrupt", "thread/list", "model/list",
        "account/read", "account/login/start", "account/logout", "config/read", "mcpServerStatus/list", "skills/list",
        "what/comes/later", "processes", "fsx/readFile", "x/command/exec", "plugin/list",
    ])
    func everythingElsePasses(_ method: String) {
        #expect(Self.refusal(method, .guest) == nil)
    }

    private static func refusal(_ method: String, _ actor: Actor) -> ErrorReply? {
        SessionTests.refusal { () throws(ErrorReply) in try MethodRules.check(method, actor: actor) }
    }
}
