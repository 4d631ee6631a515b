import Glibc

enum Directories {
    /// Makes a directory and those above it. Throws ``Failure`` with the reason of the system.
    static func make(_ path: String, mode: mode_t = 0o755) throws {
        var partial = ""
        for component in path.split(separator: "/") {
            partial += "/\(component)"
            if mkdir(partial, mode) != 0, errno != EEXIST, !exists(partial) {
                throw Failure("\(partial) cannot be made: \(String(cString: strerror(errno)))")
            }
        }
    }

    /// The directory a path leads to, links resolved; nil when it is none.
    static func resolve(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        let path = String(cString: resolved)
        return exists("\(path)/.") ? path : nil
    }

    private static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
