import ArgumentParser
import Glibc

@main
enum Main {
    static func main() async {
        // Writing to a disconnected peer must return an error instead of ending the server.
        signal(SIGPIPE, SIG_IGN)
        await SREAgent.main()
    }
}
