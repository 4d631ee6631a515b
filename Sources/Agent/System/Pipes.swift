import CProcess
import Glibc

/// The pipes between the server and a child on stdio. The server's ends are close-on-exec, so that no other child keeps
/// them open.
struct Pipes {
    struct Failed: Error {}

    let childInput: Int32
    let childOutput: Int32
    let toChild: Int32
    let fromChild: Int32

    init() throws {
        (childInput, toChild) = try Self.make()
        (fromChild, childOutput) = try Self.make()
    }

    static func make() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [0, 0]
        guard cprocess_pipe(&ends) == 0 else { throw Failed() }
        return (ends[0], ends[1])
    }

    func closeChildEnds() {
        close(childInput)
        close(childOutput)
    }

    func closeOwnEnds() {
        close(toChild)
        close(fromChild)
    }
}
