import JSON
import JSONRPC

/// Makes codex start a program that has no grant, before any thread may be opened: the kernel's gate must stop it. Only
/// this test shows that the gate is effective.
enum GateSelfTest {
    /// The request's id, distinct from those of ``AgentProbe``.
    static let id: Int64 = 5

    static func request(directory: String) -> [UInt8] {
        MessageEncoder.request(
            "command/exec", id: .integer(id), params: ["command": ["/bin/true"], "cwd": .string(directory)])
    }

    /// Why the gate is not effective, as a sentence; nil if it is. `answer` is codex's whole response.
    static func fault(answer: JSONValue?, _ gate: ExecGateState) -> String? {
        if answer?["result"]?["exitCode"]?.intValue == 0 {
            return "The kernel's gate does not hold: codex could start a program that was not approved."
        }
        if gate.stopped == 0 {
            return "The kernel's gate does not hold: it was not asked about a program that codex was to start."
        }
        return nil
    }
}
