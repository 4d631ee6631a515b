/// The server's own version, independent of codex's. The first heading of CHANGELOG.md must name the same version.
enum Version {
    static let current = "0.1.0"
}
