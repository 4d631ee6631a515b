/// The server's own version. The first heading of CHANGELOG.md names the same.
enum Version {
    static let current = "0.1.0"
}
