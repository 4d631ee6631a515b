import JSON
import JSONRPC

/// Has codex start a program that nobody has allowed, before any thread may be opened: the kernel's gate must stop it.
/// Whether it would, is not concluded from anything else.
enum GateSelfTest {
    /// Of the request: beside those of ``AgentProbe``.
    static let id: Int64 = 5

    static func request(directory: String) -> [UInt8] {
        MessageEncoder.request(
            "command/exec", id: .integer(id), params: ["command": ["/bin/true"], "cwd": .string(directory)])
    }

    /// Why the gate does not hold, as a sentence; nil when it does. `answer` is codex's whole answer.
    static func fault(answer: JSONValue?, _ gate: GateState) -> String? {
        if answer?["result"]?["exitCode"]?.intValue == 0 {
            return "The kernel's gate does not hold: codex could start a program that nobody had allowed."
        }
        if gate.stopped == 0 {
            return "The kernel's gate does not hold: it was not asked about a program that codex was to start."
        }
        return nil
    }
}
