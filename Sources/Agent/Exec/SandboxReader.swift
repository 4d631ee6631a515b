import CProcess
import ExecGrants
import Glibc

/// Inspects a process that waits in execve(2) through /proc: its writable mounts and its working directory. The file
/// systems involved determine how long that takes.
enum SandboxReader {
    struct Fault: Error { let reason: String }

    /// Directories in which every sandboxed command may write, links resolved: `slash_tmp` and `tmpdir` in codex's
    /// profiles.
    static func shared(_ environment: [String: String]) -> [String] {
        ["/tmp", environment["TMPDIR"]].compactMap { $0.flatMap(FileTree.realPath) }
    }

    /// Whether both processes have the same mount namespace. nil if that cannot be determined.
    static func sharesMounts(_ process: pid_t, with other: pid_t) -> Bool? {
        guard let own = FileIdentity(at: "/proc/\(process)/ns/mnt"),
            let others = FileIdentity(at: "/proc/\(other)/ns/mnt")
        else { return nil }
        return own == others
    }

    /// The file at a path; nil if there is none, or if the path contains a symbolic link.
    static func identify(_ path: String) -> FileIdentity? {
        let descriptor = cprocess_open_exactly("/", path)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var file = cprocess_file()
        guard cprocess_look(descriptor, &file) == 0 else { return nil }
        return FileIdentity(device: file.device, inode: file.inode)
    }

    /// If `looksAtMounts` is false, the view contains only the working directory.
    static func view(of process: pid_t, looksAtMounts: Bool) throws(Fault) -> ProcessView {
        let directory = "/proc/\(process)/cwd"
        return ProcessView(
            directory: FileIdentity(at: directory), directoryPath: FileTree.link(directory),
            writable: looksAtMounts ? try writable(of: process) : [])
    }

    private static func writable(of process: pid_t) throws(Fault) -> [ProcessView.Mount] {
        // Read the machine's table after the process's: a mount added in between is not one of the sandbox's own.
        guard let table = table("/proc/\(process)/mountinfo"), let machine = self.table("/proc/self/mountinfo") else {
            throw Fault(reason: "the mounts of its sandbox cannot be read")
        }
        var mounts: [ProcessView.Mount] = []
        for mount in table.writable(besides: machine) {
            let descriptor = cprocess_open_exactly("/proc/\(process)/root", mount.path)
            defer { if descriptor >= 0 { close(descriptor) } }
            var file = cprocess_file()
            guard descriptor >= 0, cprocess_look(descriptor, &file) == 0, file.mount == Int64(mount.id) else {
                // Covered by another mount, or accessible only to its owner: the same as on the machine.
                if machine.has(mount) { continue }
                throw Fault(reason: "what its sandbox has mounted at \(mount.path) cannot be looked at")
            }
            // The sandbox's own /dev contains the machine's null, zero, full, random, urandom and tty.
            if file.is_character_device != 0, mount.path.hasPrefix("/dev/") { continue }
            mounts.append(
                .init(path: mount.path, identity: FileIdentity(device: file.device, inode: file.inode)))
        }
        return mounts
    }

    private static func table(_ path: String) -> MountTable? {
        Proc.bytes(of: path).flatMap { MountTable($0) }
    }
}
