import CProcess
import Glibc

/// The shared agent's socket, without a name: whoever connects to it speaks to codex as this server does, so commands must
/// not find it. codex 0.163 binds it at a name of its own and puts a link to that at the path it was given.
final class AgentSocket: Sendable {
    private let descriptor: Int32

    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// Opens the socket at `path` and removes its names. Throws ``Fault`` when `owner` has made none there.
    init(takenFrom path: String, of owner: uid_t) throws {
        let given = try Name(path, owner)
        defer { given.close() }
        let bound = try given.link.map { try Name($0, owner) }
        defer { bound?.close() }
        // From here on `deinit` closes it, also when this throws.
        descriptor = cprocess_open_name((bound ?? given).directory, (bound ?? given).last)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK,
            status.st_uid == owner
        else { throw Fault(description: "\(path) is not the agent's socket.") }
        for name in [given, bound].compactMap(\.self) { name.remove() }
    }

    deinit { close(descriptor) }

    /// Where to connect, for this process alone (proc(5)).
    var path: String { "/proc/self/fd/\(descriptor)" }

    /// A name in a directory that is the owner's, so that nothing is removed elsewhere.
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
                throw Fault(description: "\(path) is in no directory of the agent's user.")
            }
        }

        /// Where it leads; nil when it is no link.
        var link: String? { FileTree.link(last, in: directory) }

        /// And the file that codex locks beside it.
        func remove() {
            unlinkat(directory, last, 0)
            unlinkat(directory, "\(last).lock", 0)
        }

        func close() { Glibc.close(directory) }
    }
}
