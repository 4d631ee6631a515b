import JSONRPC
import Policy
@testable import Session
import Testing

/// The plain path gives the same result as parsing the whole message. A message with a string id is always parsed.
@Suite struct PlainPathTests {
    static let methods =
        [Role.viewer, .operator].flatMap { MethodPermissions().methods(of: $0) } + [
            "remoteControl/enable", "later/method",
        ]

    @Test(
        arguments: [
            Principal.local, Principal(.token(id: "1", name: "t"), role: .viewer),
            Principal(.token(id: "1", name: "t"), role: .operator),
        ])
    func everyMethodComesToTheSame(_ principal: Principal) {
        var plain = 0
        for method in Self.methods {
            for params in ["", #","params":{"threadId":"T1","cursor":"x"}"#] {
                var client = Client.connected(principal)
                var other = Client.connected(principal)
                let request = #""method":"\#(method)"\#(params)"#
                #expect(
                    client.says(#"{"id":7,\#(request)}"#) == Self.numbered(other.says(#"{"id":"7",\#(request)}"#)),
                    "\(method)")
                #expect(
                    client.hears(#"{"id":7,"result":{}}"#) == Self.numbered(other.hears(#"{"id":"7","result":{}}"#)))
                if client.session.policy.plainMethods.contains(method) { plain += 1 }
            }
        }
        #expect(plain > 50, "the plain path is not empty")
    }

    private static func numbered(_ lines: [String]) -> [String] {
        lines.map { $0.replacing(#""id":"7""#, with: #""id":7"#) }
    }

    /// The params of these methods affect a decision, whichever role may call them.
    @Test func whatIsReadIsNotPlainWhateverTheRulesSay() {
        var policy = Machine.policy()
        let changed = [
            "thread/start", "turn/start", "thread/settings/update", "turn/interrupt", "remoteControl/enable",
        ]
        policy.methods = MethodPermissions(changes: Dictionary(uniqueKeysWithValues: changed.map { ($0, .viewer) }))
        for method in changed + ["initialize", "thread/resume", "thread/unsubscribe"] {
            #expect(!policy.plainMethods.contains(method), "\(method)")
        }
        #expect(policy.plainMethods.contains("model/list"))
        policy.methods = MethodPermissions(changes: ["model/list": .admin])
        #expect(!policy.plainMethods.contains("model/list"))
    }

    @Test(arguments: [#"model\/list"#, #"m\u006fdel/list"#])
    func anEscapedNameIsReadWhole(_ name: String) {
        var client = Client.connected()
        #expect(client.says(#"{"id":1,"method":"\#(name)"}"#) == ["forward"])
        #expect(client.says(#"{"id":1,"method":"model/list"}"#) != ["forward"], "1 waits for its answer")
    }

    @Test func anAnswerThatNobodyWaitsForGoesOn() {
        var client = Client.connected()
        #expect(client.hears(#"{"id":9,"result":{}}"#) == ["forward"])
        _ = client.says(#"{"id":9,"method":"model/list"}"#)
        #expect(client.hears(#"{"id":9,"error":{"code":1,"message":"x"}}"#) == ["forward"])
        #expect(!client.session.isExpectingAgent)
    }
}

extension NameSet {
    func contains(_ name: String) -> Bool { Array(name.utf8).withUnsafeBytes { contains($0) } }
}
