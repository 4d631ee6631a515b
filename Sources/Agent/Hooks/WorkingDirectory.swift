import Glibc

enum WorkingDirectory {
    /// Whether a process can start in this directory.
    static func canStart(in path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && access(path, X_OK) == 0
    }
}
