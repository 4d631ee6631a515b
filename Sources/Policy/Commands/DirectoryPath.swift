/// Directory paths as text, without file system access; links are not followed.
enum DirectoryPath {
    /// Removes `.`, double slashes and a trailing slash. nil for a path that is relative, or contains `..` or NUL.
    static func normalized(_ path: String) -> String? {
        guard path.utf8.first == UInt8(ascii: "/"), !path.utf8.contains(0) else { return nil }
        let components = path.utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
        guard !components.contains("..") else { return nil }
        return "/" + components.filter { $0 != "." }.joined(separator: "/")
    }

    /// Is `inner` the directory `outer`, or below it? Both must be normalised. Compares bytes: two names that are equal
    /// in Swift may be two directories.
    static func contains(_ outer: String, _ inner: String) -> Bool {
        guard inner.utf8.starts(with: outer.utf8) else { return false }
        return outer == "/" || inner.utf8.count == outer.utf8.count
            || inner.utf8.dropFirst(outer.utf8.count).first == UInt8(ascii: "/")
    }
}
