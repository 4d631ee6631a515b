import ExecGrants
import Glibc

extension FileStamp {
    /// The current stamp of `path`.
    init(at path: String) {
        self.init(name: Self.version(path, lstat), file: Self.version(path, stat))
    }

    private static func version(
        _ path: String, _ look: (UnsafePointer<CChar>, UnsafeMutablePointer<stat>) -> Int32
    ) -> Version? {
        var status = stat()
        guard look(path, &status) == 0 else { return nil }
        return Version(
            identity: FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)),
            size: Int64(status.st_size),
            changedAt: Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec))
    }
}
