import Glibc
import Synchronization

/// Runs a command and collects its output.
enum OneShot {
    struct Result: Sendable {
        /// nil if the command did not end in time and was killed.
        let status: ExitStatus?
        /// Standard output and standard error, up to one mebibyte.
        let output: String
        /// nil if the command ran without an exec gate.
        let gate: ExecGateState?
    }

    /// Blocks, so call it only on a thread that may block.
    static func run(_ launch: Launch, patience: Duration) throws -> Result {
        let (reading, writing) = try Pipes.make()
        let null = try Null.open()
        defer {
            Null.close(reading)
            Null.close(null)
        }
        let child: ChildProcess
        do {
            defer { Null.close(writing) }
            child = try ProcessTable.shared.spawn(launch, input: null, output: writing, error: writing)
        }
        let deadline = ContinuousClock.now + patience
        var bytes: [UInt8] = []
        while bytes.count < 1 << 20 {
            let left = (deadline - .now) / .milliseconds(1)
            var event = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
            guard left > 0, poll(&event, 1, Int32(left)) > 0 else { break }
            var chunk = [UInt8](repeating: 0, count: 16_384)
            let count = read(reading, &chunk, chunk.count)
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        while child.exitStatus == nil, ContinuousClock.now < deadline { usleep(2_000) }
        let status = child.exitStatus
        child.signalGroup(SIGKILL)
        return Result(status: status, output: String(decoding: bytes, as: UTF8.self), gate: child.gate)
    }
}
