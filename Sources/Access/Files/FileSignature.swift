import Glibc

/// Detects that a file's content has changed, without reading the file. Follows links.
struct FileSignature: Hashable {
    private let device: UInt64
    private let inode: UInt64
    private let size: Int64
    private let seconds: Int
    private let nanoseconds: Int

    /// Nil if the file does not exist.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }

    var numbers: [Int64] {
        [Int64(bitPattern: device), Int64(bitPattern: inode), size, Int64(seconds), Int64(nanoseconds)]
    }
}
