import CProcess
import Glibc
import JSON
import Session

/// The hook itself: a short-lived process that codex starts before each tool call. It hands the question to the
/// server, waits for the verdict and passes it on. Whatever goes wrong here stops the call.
public enum GateHook {
    /// The line that codex runs, for `bash -c`. codex lets a call run when its hook fails in any way but exit code 2
    /// with words on standard error; so every failure, a missing or killed program included, is turned into that.
    public static func command(executable: String, socket: String) -> String {
        "\(quoted(executable)) gate \(quoted(socket))"
            + " || { echo 'The approval gate of the SRE Agent Server did not answer, so this was not run.' >&2; exit 2; }"
    }

    private static func quoted(_ word: String) -> String {
        "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// Reads the question from standard input, writes the verdict to standard output. Returns the exit code.
    public static func run(socket path: String) -> Int32 {
        // codex kills only the shell around this process when the turn is stopped.
        guard cprocess_die_with_parent() == 0 else { return fail("The gate's parent is gone.") }
        guard let question = readAll(STDIN_FILENO), !question.isEmpty else { return fail("The gate got no question.") }
        let descriptor = connect(path)
        guard descriptor >= 0 else { return fail("The SRE Agent Server is not there, so this was not run.") }
        // One line: the server reads up to the first line end, and JSON has none inside strings.
        let line = question.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 } + [0x0A]
        guard writeAll(descriptor, line) else { return fail("The SRE Agent Server went away, so this was not run.") }
        guard let answer = readAll(descriptor), let verdict = try? JSONValue(parsing: answer),
            verdict["hookSpecificOutput"]?["permissionDecision"]?.stringValue != nil
        else { return fail("The SRE Agent Server went away before anybody decided, so this was not run.") }
        return writeAll(STDOUT_FILENO, answer) ? 0 : 2
    }

    private static func fail(_ reason: String) -> Int32 {
        _ = writeAll(STDERR_FILENO, Array((reason + "\n").utf8))
        return 2
    }

    private static func connect(_ path: String) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return -1 }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < capacity else { return -1 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        return result == 0 ? descriptor : -1
    }

    private static func readAll(_ descriptor: Int32) -> [UInt8]? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                return nil
            }
            bytes += chunk[..<count]
        }
    }

    private static func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0) }
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func send(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        write(descriptor, bytes.baseAddress, bytes.count)
    }
}
