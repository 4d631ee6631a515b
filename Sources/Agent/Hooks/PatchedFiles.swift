import CProcess
import ExecGrants
import Glibc
import Session

/// Reads the files that a patch would change, so that approvers see the removed lines, the numbers of changed lines and
/// where symbolic links lead.
public struct PatchedFiles: Sendable {
    /// Bytes for all files of one patch, since every client receives the question.
    static let limit = 2 << 20
    /// Bytes of all updated files of one patch whose lines are counted.
    static let countedLimit = 4 << 20

    private let user: AgentUser
    /// Absolute paths that no command may read. Their content is never shown.
    private let denied: [String]

    /// `user` is the user that codex runs as, if it differs from the server's. Files that this user cannot read are not
    /// shown.
    public init(user: AgentUser?, denied: [String]) {
        self.user = user ?? AgentUser(uid: geteuid(), gid: getegid())
        self.denied = denied
    }

    /// Blocks on the file system.
    func look(at paths: [HookInput.PatchedPath]) -> [String: HookInput.PatchedFile] {
        var left = Self.limit
        var counted = Self.countedLimit
        var files: [String: HookInput.PatchedFile] = [:]
        for path in paths where files[path.path] == nil {
            // Before the content is read: a change in between must not be taken for what was shown.
            let stamp = FileStamp(at: path.path)
            let walk = PathWalk(path.path)
            files[path.path] = HookInput.PatchedFile(
                target: walk.target,
                content: stamp.name != nil && path.losesContent ? read(path.path, &left) : nil,
                // A symbolic link is identified by its target.
                identity: FileIdentity(at: path.path),
                place: PatchGrant.File.place(of: path.path, FileTree.target),
                stamp: stamp, dependsOnProcess: walk.isOfProcess,
                places: path.update.map { update in
                    guard case .text(let text) = read(path.path, &counted) else { return [] }
                    return update.places(in: Array(text.utf8))
                } ?? [])
        }
        return files
    }

    private func read(_ path: String, _ left: inout Int) -> HookInput.PatchedFile.Content {
        let descriptor = cprocess_open_as(user.uid, user.gid, path)
        guard descriptor >= 0 else { return .hidden(.unreadable) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            let place = FileTree.link("/proc/self/fd/\(descriptor)"),
            !denied.contains(where: { FileTree.contains($0, place) })
        else { return .hidden(.unreadable) }
        let size = Int(status.st_size)
        guard size <= left else { return .hidden(.tooLong(bytes: size)) }
        guard let bytes = Self.content(of: descriptor, atMost: left) else { return .hidden(.tooLong(bytes: size)) }
        guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
            return .hidden(.binary(bytes: bytes.count))
        }
        left -= bytes.count
        return .text(text)
    }

    /// nil if the content exceeds the limit.
    private static func content(of descriptor: Int32, atMost limit: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= limit else { return nil }
        }
    }
}
