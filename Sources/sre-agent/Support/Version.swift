/// The server's own version, independent of codex's.
enum Version {
    static let current = "0.1.0"
}
