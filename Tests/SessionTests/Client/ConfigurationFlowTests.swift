import Session
import Testing

/// codex's messages about its configuration on a client's connection.
@Suite struct ConfigurationFlowTests {
    /// codex would answer the client's next calls with its defaults.
    @Test(arguments: [true, false])
    func anAgentThatGoesOnWithItsDefaultsIsLeft(_ isShared: Bool) {
        var client = Client.connected(isShared: isShared)
        #expect(
            client.hears(
                #"{"method":"configWarning","params":{"summary":"Invalid configuration; using defaults.","details":"/h/config.toml:2:23: unclosed table","path":"/h/config.toml"}}"#
            ) == ["misconfigured /h/config.toml, line 2, column 23: unclosed table"])
        #expect(
            client.hears(
                #"{"method":"configWarning","params":{"summary":"Invalid configuration; using defaults.","details":"Model provider `x` not found"}}"#
            ) == ["misconfigured Model provider `…` not found"])
    }

    @Test func otherWarningsGoOnWithoutWhatTheyQuote() {
        var client = Client.connected()
        #expect(
            client.hears(
                #"{"method":"configWarning","params":{"summary":"Ignoring it: TOML parse error at line 1, column 9\n  |\n1 | key = hunter2\n  |      ^\nbad","details":null}}"#
            ) == [
                #"client {"method":"configWarning","params":{"summary":"Ignoring it: TOML parse error at line 1, column 9\nbad","details":null}}"#
            ])
    }

    @Test func aThreadIsRefusedWithThePlaceOfTheMistake() throws {
        var client = Client.connected()
        _ = client.says(StartFlowTests.start)
        let line = try #require(
            client.hears(
                #"{"id":"own-1","result":{"data":[{"hooks":[],"errors":[{"path":"/w","message":"/h/config.toml:2:23: unclosed table"}]}]}}"#
            ).first)
        #expect(
            line.contains("codex cannot use its configuration: /h/config.toml, line 2, column 23: unclosed table. Fix")
        )
        #expect(!line.contains("gate"))
    }
}
