import JSON
@testable import Session
import Testing
@testable import Webhook

@Suite struct WebhookBodyTests {
    @Test func itSaysWhereToLookAndUntilWhenButNotWhatWillRun() throws {
        let body = WebhookBody(pageURL: "https://sre.example.com", includesCommands: false).json(Self.approval)
        #expect(body["link"] == "https://sre.example.com/#thread=t")
        #expect(body["requestId"] == "q" && body["threadId"] == "t" && body["kind"] == "command")
        #expect(body["askedAt"] == 1_000 && body["expiresAt"] == 2_000)
        #expect(!body.description.contains("rm -rf"))
    }

    @Test func theCommandOnlyWhenItMay() {
        let body = WebhookBody(pageURL: "http://h", includesCommands: true).json(Self.approval)
        #expect(body["command"] == "rm -rf build")
    }

    @Test(
        arguments: [
            ("item/commandExecution/requestApproval", ["sre": ["asks": "outsideSandbox"]], "outsideSandbox"),
            ("item/fileChange/requestApproval", [:], "fileChange"), ("later/thing", [:], "later/thing"),
        ] as [(String, JSONValue, String)])
    func theKindIsNamed(_ method: String, _ params: JSONValue, _ kind: String) {
        #expect(WebhookBody.kind(of: Self.approval(method, params)) == kind)
    }

    private static let approval = approval(
        "item/commandExecution/requestApproval",
        ["command": "/bin/bash -lc 'rm -rf build'", "sre": ["asks": "command", "command": "rm -rf build"]])

    private static func approval(_ method: String, _ params: JSONValue) -> Approval {
        Approval(
            id: "q", origin: .hook(HookTicket(1)), threadID: "t", method: method, params: params, askedAt: 1_000,
            expiresAt: 2_000, state: .waiting, shownTo: [])
    }
}
