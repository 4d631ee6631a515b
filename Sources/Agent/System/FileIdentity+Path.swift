import CProcess
import ExecGate

extension FileIdentity {
    /// What a path leads to now, links followed; nil when there is nothing.
    init?(at path: String) {
        var (device, inode) = (UInt64(), UInt64())
        guard cprocess_identify(path, &device, &inode) == 0 else { return nil }
        self.init(device: device, inode: inode)
    }
}
