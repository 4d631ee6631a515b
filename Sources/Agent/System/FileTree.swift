import Glibc

/// Paths and directory trees.
package enum FileTree {
    /// The names in a directory; empty if it cannot be read.
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

    /// Removes a file, or a directory with its content.
    package static func remove(_ path: String) {
        if unlink(path) == 0 { return }
        for name in entries(of: path) { remove("\(path)/\(name)") }
        rmdir(path)
    }

    /// The path with symbolic links resolved. If it does not exist, resolves its existing directories and keeps the
    /// rest. Leaves links below /proc unresolved, because their target depends on the process.
    package static func target(of path: String) -> String {
        PathWalk(path).target
    }

    /// The path with links resolved; nil if it does not exist or passes through a link below /proc.
    package static func realPath(_ path: String) -> String? {
        if case .found(let target) = PathWalk(path) { target } else { nil }
    }

    /// The target text of a symbolic link, with a relative path taken from `directory`; nil if it is not a link.
    package static func link(_ path: String, in directory: Int32 = AT_FDCWD) -> String? {
        linkBytes(path, in: directory).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The target of a symbolic link as it is stored, which need not be UTF-8.
    static func linkBytes(_ path: String, in directory: Int32 = AT_FDCWD) -> [UInt8]? {
        var target = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = readlinkat(directory, path, &target, target.count)
        return count > 0 ? Array(target[..<count]) : nil
    }

    package static func parent(of path: String) -> String {
        "/" + path.split(separator: "/").dropLast().joined(separator: "/")
    }

    /// Whether `path` is this directory or lies below it. Neither may end with a slash.
    package static func contains(_ directory: String, _ path: String) -> Bool {
        path == directory || path.hasPrefix("\(directory)/")
    }
}
