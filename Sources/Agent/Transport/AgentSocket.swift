import CProcess
import Glibc

/// The shared agent's socket, with its file names removed. Any process that connects to it speaks to codex as this
/// server does, so commands must not find it. codex 0.163 binds the socket to a name of its own and puts a symbolic
/// link to it at the given path.
final class AgentSocket: Sendable {
    private let descriptor: Int32

    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// Opens the socket at `path` and removes its names. Throws ``Fault`` if there is no socket there owned by `owner`.
    init(takenFrom path: String, of owner: uid_t) throws {
        let given = try Name(path, owner)
        defer { given.close() }
        let bound = try given.link.map { try Name($0, owner) }
        defer { bound?.close() }
        // From here on `deinit` closes the descriptor, even if this initializer throws.
        descriptor = cprocess_open_name((bound ?? given).directory, (bound ?? given).last)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK,
            status.st_uid == owner
        else { throw Fault(description: "\(path) is not the agent's socket.") }
        for name in [given, bound].compactMap(\.self) { name.remove() }
    }

    deinit { close(descriptor) }

    /// The path to connect to; valid only in this process (proc(5)).
    var path: String { "/proc/self/fd/\(descriptor)" }

    /// A name in a directory that belongs to the owner, so that no file elsewhere is removed.
    private struct Name {
        let directory: Int32
        let last: String

        init(_ path: String, _ owner: uid_t) throws {
            let slash = path.lastIndex(of: "/") ?? path.startIndex
            last = String(path[slash...].dropFirst())
            directory = cprocess_open_name(-1, String(path[..<slash]))
            var status = stat()
            guard directory >= 0, fstat(directory, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
                status.st_uid == owner
            else {
                Glibc.close(directory)
                throw Fault(description: "\(path) is not in a directory owned by the agent's user.")
            }
        }

        /// The link's target; nil if the name is not a symbolic link.
        var link: String? { FileTree.link(last, in: directory) }

        /// Removes the name and the lock file that codex keeps beside it.
        func remove() {
            unlinkat(directory, last, 0)
            unlinkat(directory, "\(last).lock", 0)
        }

        func close() { Glibc.close(directory) }
    }
}
