import CProcess
import ExecGate
import Glibc

/// Looks at a process that waits in execve(2), out of /proc: which of its mounts can be written, and where it stands. Takes
/// as long as the file systems like.
enum SandboxReader {
    struct Fault: Error { let reason: String }

    /// Where every command in the sandbox may write, links resolved: what codex's profiles call `slash_tmp` and `tmpdir`.
    static func shared(_ environment: [String: String]) -> [String] {
        ["/tmp", environment["TMPDIR"]].compactMap { $0.flatMap(FileTree.realPath) }
    }

    /// Does the process have the same mounts as the other? Nil when it cannot be told.
    static func sharesMounts(_ process: pid_t, with other: pid_t) -> Bool? {
        guard let own = FileIdentity(at: "/proc/\(process)/ns/mnt"),
            let others = FileIdentity(at: "/proc/\(other)/ns/mnt")
        else { return nil }
        return own == others
    }

    /// What is at a path now; nil when there is nothing, or when a link stands in it.
    static func identify(_ path: String) -> FileIdentity? {
        let descriptor = cprocess_open_exactly("/", path)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var file = cprocess_file()
        guard cprocess_look(descriptor, &file) == 0 else { return nil }
        return FileIdentity(device: file.device, inode: file.inode)
    }

    /// `looksAtMounts` false: only where it stands.
    static func view(of process: pid_t, looksAtMounts: Bool) throws(Fault) -> ProcessView {
        let directory = "/proc/\(process)/cwd"
        return ProcessView(
            directory: FileIdentity(at: directory), directoryPath: FileTree.link(directory),
            writable: looksAtMounts ? try writable(of: process) : [])
    }

    private static func writable(of process: pid_t) throws(Fault) -> [ProcessView.Mount] {
        // The machine's after the process's: what is new in it since then is no file system of the sandbox's own.
        guard let table = table("/proc/\(process)/mountinfo"), let machine = self.table("/proc/self/mountinfo") else {
            throw Fault(reason: "the mounts of its sandbox cannot be read")
        }
        var mounts: [ProcessView.Mount] = []
        for mount in table.writable(besides: machine) {
            let descriptor = cprocess_open_exactly("/proc/\(process)/root", mount.path)
            defer { if descriptor >= 0 { close(descriptor) } }
            var file = cprocess_file()
            guard descriptor >= 0, cprocess_look(descriptor, &file) == 0, file.mount == Int64(mount.id) else {
                // Covered by another, or its owner's alone: as it is on the machine.
                if machine.has(mount) { continue }
                throw Fault(reason: "what its sandbox has mounted at \(mount.path) cannot be looked at")
            }
            // The sandbox's own /dev has the machine's null, zero, full, random, urandom and tty in it.
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
