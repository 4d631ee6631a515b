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
        guard let question = GateSocket.readAll(STDIN_FILENO), !question.isEmpty else {
            return fail("The gate got no question.")
        }
        do throws(GateSocket.Failure) {
            let answer = try GateSocket.ask(question, at: path)
            guard let verdict = try? JSONValue(parsing: answer),
                verdict["hookSpecificOutput"]?["permissionDecision"]?.stringValue != nil
            else { return fail("The SRE Agent Server went away before anybody decided, so this was not run.") }
            return GateSocket.writeAll(STDOUT_FILENO, answer) ? 0 : 2
        } catch {
            switch error {
            case .notThere: return fail("The SRE Agent Server is not there, so this was not run.")
            case .wentAway: return fail("The SRE Agent Server went away, so this was not run.")
            }
        }
    }

    private static func fail(_ reason: String) -> Int32 {
        _ = GateSocket.writeAll(STDERR_FILENO, Array((reason + "\n").utf8))
        return 2
    }
}
