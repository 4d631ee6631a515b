import ArgumentParser
import Glibc

@main
enum Main {
    static func main() async {
        // A peer that went away is an error to handle where it is written to, not the end of the server.
        signal(SIGPIPE, SIG_IGN)
        await SREAgent.main()
    }
}
