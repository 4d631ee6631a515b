import CProcess
import ExecGrants

extension FileIdentity {
    /// Identifies the file at a path, symbolic links followed; nil if there is none.
    init?(at path: String) {
        var (device, inode) = (UInt64(), UInt64())
        guard cprocess_identify(path, &device, &inode) == 0 else { return nil }
        self.init(device: device, inode: inode)
    }
}
