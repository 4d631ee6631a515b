import Agent
import ArgumentParser
import Glibc

/// codex starts the `gate` before each tool call, so it is answered before anything else is set up. It is no
/// subcommand of the parser's: whatever it is given, it must end with exit code 2 when it cannot ask. So it is with its
/// `witness`, of which there is one in each thread.
@main
enum Main {
    static func main() async {
        let arguments = CommandLine.arguments
        if arguments.count > 1, arguments[1] == "gate" {
            exit(GateHook.run(socket: arguments.count > 2 ? arguments[2] : ""))
        }
        if arguments.count > 2, arguments[1] == "witness" { exit(GateWitness.run(socket: arguments[2])) }
        // A peer that went away is an error to handle where it is written to, not the end of the server.
        signal(SIGPIPE, SIG_IGN)
        await SREAgent.main()
    }
}
