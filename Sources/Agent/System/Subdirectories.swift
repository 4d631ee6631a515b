import CProcess
import Glibc

/// Lists directories as the agent's user sees them.
public struct Subdirectories: Sendable {
    public struct Entry: Sendable, Hashable {
        public let name: String
        /// Absolute, links resolved.
        public let path: String
    }

    public struct Listing: Sendable, Hashable {
        /// By name.
        public let entries: [Entry]
        /// There are more than are listed.
        public let isCut: Bool
    }

    /// How many are listed.
    static let limit = 500
    /// How many names are read.
    static let readLimit = 20_000

    private let user: AgentUser

    /// `user` is the user that codex runs as, if it differs from the server's.
    public init(user: AgentUser?) { self.user = user ?? AgentUser(uid: geteuid(), gid: getegid()) }

    /// The directories in the one at `path`, which is absolute and without links, and those that links in it lead to.
    /// `isListed` gets the resolved path of each. nil if the user cannot read it, or if there is another one now. Blocks on
    /// the file system.
    public func list(_ path: String, where isListed: (String) -> Bool) -> Listing? {
        guard let (descriptor, place) = open(path) else { return nil }
        guard place.utf8.elementsEqual(path.utf8), let stream = fdopendir(descriptor) else {
            close(descriptor)
            return nil
        }
        defer { closedir(stream) }
        let (names, isWhole) = Self.names(in: stream)
        var entries: [Entry] = []
        for name in names.sorted() {
            guard
                let place = open("\(path == "/" ? "" : path)/\(name)").map({
                    close($0.descriptor); return $0.place
                }),
                isListed(place)
            else { continue }
            guard entries.count < Self.limit else { return Listing(entries: entries, isCut: true) }
            entries.append(Entry(name: name, path: place))
        }
        return Listing(entries: entries, isCut: !isWhole)
    }

    /// Opens nothing but a directory, and says where it is.
    private func open(_ path: String) -> (descriptor: Int32, place: String)? {
        let descriptor = cprocess_open_as(user.uid, user.gid, "\(path)/.")
        guard descriptor >= 0 else { return nil }
        guard
            let place = FileTree.linkBytes("/proc/self/fd/\(descriptor)").flatMap({
                String(validating: $0, as: UTF8.self)
            })
        else {
            close(descriptor)
            return nil
        }
        return (descriptor, place)
    }

    /// The names of what may be a directory.
    private static func names(in stream: OpaquePointer) -> ([String], isWhole: Bool) {
        var names: [String] = []
        var count = 0
        while let entry = readdir(stream) {
            count += 1
            guard count <= readLimit else { return (names, false) }
            guard [DT_DIR, DT_LNK, DT_UNKNOWN].map({ UInt8($0) }).contains(entry.pointee.d_type) else { continue }
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
            }
            if let name, name != ".", name != ".." { names.append(name) }
        }
        return (names, true)
    }
}
