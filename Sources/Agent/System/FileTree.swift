import Glibc

/// Paths, and what lies below them.
package enum FileTree {
    /// The names in a directory; none when it cannot be read.
    package static func entries(of directory: String) -> [String] {
        guard let handle = opendir(directory) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// A file, or a directory with all that is in it.
    package static func remove(_ path: String) {
        if unlink(path) == 0 { return }
        for name in entries(of: path) { remove("\(path)/\(name)") }
        rmdir(path)
    }

    /// Where a path leads, links resolved, also one that is not there: from the deepest directory on that is. A link below /proc
    /// leads each process elsewhere, so it stays as it is.
    package static func target(of path: String) -> String {
        switch PathWalk(path) {
        case .found(let target), .missing(let target), .dependsOnProcess(let target): target
        }
    }

    /// Links resolved; nil when there is nothing, and for a path through a link below /proc.
    package static func realPath(_ path: String) -> String? {
        if case .found(let target) = PathWalk(path) { target } else { nil }
    }

    /// What a link says, below `directory` where it is relative; nil for what is no link.
    package static func link(_ path: String, in directory: Int32 = AT_FDCWD) -> String? {
        var target = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = readlinkat(directory, path, &target, target.count)
        return count > 0 ? String(decoding: target[..<count], as: UTF8.self) : nil
    }

    package static func parent(of path: String) -> String {
        "/" + path.split(separator: "/").dropLast().joined(separator: "/")
    }

    /// Is `path` this directory, or somewhere below it? Neither ends with a slash.
    package static func contains(_ directory: String, _ path: String) -> Bool {
        path == directory || path.hasPrefix("\(directory)/")
    }
}
