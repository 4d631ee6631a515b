import Glibc
import NIOPosix
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

    /// Waits on a thread that may block. Kills the command when it has not ended after `patience`, or when the task is
    /// cancelled. Throws if it cannot be started.
    static func run(_ launch: Launch, patience: Duration) async throws -> Result {
        try await Cancellation.following { cancellation in
            try await NIOThreadPool.singleton.runIfActive { try run(launch, patience: patience, cancellation) }
        }
    }

    private static func run(_ launch: Launch, patience: Duration, _ cancellation: Cancellation) throws -> Result {
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
            guard ContinuousClock.now < deadline, !cancellation.isCancelled else { break }
            var event = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
            guard poll(&event, 1, 100) > 0 else { continue }
            var chunk = [UInt8](repeating: 0, count: 16_384)
            let count = read(reading, &chunk, chunk.count)
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        while child.exitStatus == nil, ContinuousClock.now < deadline, !cancellation.isCancelled { usleep(2_000) }
        let status = child.exitStatus
        child.signalGroup(SIGKILL)
        return Result(status: status, output: String(decoding: bytes, as: UTF8.self), gate: child.gate)
    }
}
