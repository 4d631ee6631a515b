@testable import Agent
import JSON
import Testing

/// Finds the program that is codex while CODEX_BIN prints its version, and decides whether the gate holds for it.
@Suite struct AgentChainTests {
    @Test func codexItself() throws {
        let record = AgentChainRecord(startedAs: "/opt/codex", isScript: false)
        #expect(try record.chain() == AgentChain(programs: ["/opt/codex"]))
    }

    @Test func scriptsAndWrappersThatBecomeIt() throws {
        var record = AgentChainRecord(startedAs: "/opt/first", isScript: true)
        record.starts(child: "/usr/bin/dirname")
        record.becomes("/opt/second", isScript: true)
        record.becomes("/usr/bin/env", isScript: false)
        record.becomes("/opt/.codex-wrapped", isScript: false)
        let chain = try record.chain()
        #expect(chain.codex == "/opt/.codex-wrapped")
        #expect(chain.before == ["/opt/first", "/opt/second", "/usr/bin/env"])
    }

    @Test func aScriptThatStartsItAsAChild() {
        var record = AgentChainRecord(startedAs: "/opt/script", isScript: true)
        record.starts(child: "/usr/bin/uname")
        record.starts(child: "/opt/codex")
        #expect { try record.chain() } throws: {
            "\($0)".hasPrefix("CODEX_BIN /opt/script starts /opt/codex as a child, where it must become codex")
        }
    }

    /// Like npm's launcher: the interpreter keeps running.
    @Test func aLauncherThatStartsItAsAChild() {
        var record = AgentChainRecord(startedAs: "/opt/codex.js", isScript: true)
        record.becomes("/usr/bin/node", isScript: false)
        record.starts(child: "/opt/vendor/codex")
        #expect { try record.chain() } throws: { "\($0)".contains("starts /opt/vendor/codex as a child") }
    }

    @Test func aScriptThatOnlySaysSo() {
        let record = AgentChainRecord(startedAs: "/opt/script", isScript: true)
        #expect { try record.chain() } throws: { "\($0)".contains("the script /opt/script ends without exec") }
    }

    @Test func aGateThatIsNotAskedOrDoesNotStopIsNone() {
        let silent = ExecGateState()
        let refused: JSONValue = ["id": 5, "error": ["message": "Permission denied"]]
        #expect(GateSelfTest.fault(answer: refused, silent)?.contains("it was not asked") == true)
        let stopping = ExecGateState()
        stopping.stoppedOne()
        #expect(GateSelfTest.fault(answer: refused, stopping) == nil)
        let ran: JSONValue = ["id": 5, "result": ["exitCode": 0]]
        #expect(GateSelfTest.fault(answer: ran, stopping)?.contains("could start a program") == true)
    }

    @Test func onceItHasFailedItIsNeverOn() {
        let state = ExecGateState()
        state.failed("First.")
        state.failed("Second.")
        state.turnedOn()
        #expect(!state.isOn && state.fault == "First.")
    }
}
