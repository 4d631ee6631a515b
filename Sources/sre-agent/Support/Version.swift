/// The server's own version; codex has another.
enum Version {
    static let current = "0.1.0"
}
