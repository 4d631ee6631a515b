import JSON

/// The mounts of a namespace, parsed from /proc/PID/mountinfo (proc(5)).
public struct MountTable: Sendable {
    public struct Mount: Sendable, Hashable {
        public let id: Int
        public let parent: Int
        /// The file system's major and minor device number.
        public let device: String
        /// The directory of the file system that is mounted.
        public let root: String
        public let path: String
        public let isWritable: Bool
        public let type: String
    }

    public let mounts: [Mount]

    /// nil if any line cannot be parsed.
    public init?(_ text: [UInt8]) {
        var mounts: [Mount] = []
        for line in text.split(separator: 0x0A) {
            guard let mount = Mount(line) else { return nil }
            mounts.append(mount)
        }
        guard !mounts.isEmpty else { return nil }
        self.mounts = mounts
    }

    private static let ownTypes: Set<String> = ["tmpfs", "proc", "devpts", "mqueue"]

    /// The mounts through which files outside the namespace can be written. `machine` is the server's own table: a file
    /// system that is not in it was made for the sandbox.
    public func writable(besides machine: MountTable) -> [Mount] {
        let devices = Set(machine.mounts.map(\.device))
        let reachable = reachable
        return mounts.filter {
            $0.isWritable && reachable.contains($0.id)
                && !(Self.ownTypes.contains($0.type) && !devices.contains($0.device))
        }
    }

    /// Whether the same file system is mounted at the same path in this table. bubblewrap cannot make a mount read-only
    /// if another mount covers it or only its owner can access it; such a mount is the same as on the machine.
    public func has(_ mount: Mount) -> Bool {
        mounts.contains {
            $0.device == mount.device && $0.root.isIdentical(to: mount.root) && $0.path.isIdentical(to: mount.path)
        }
    }

    /// A mount on the root of another mount covers it permanently. A mount on a parent directory does not, since that
    /// can be renamed.
    private var reachable: Set<Int> {
        let byID = Dictionary(mounts.map { ($0.id, $0) }) { first, _ in first }
        var covers: [Int: Int] = [:]
        for mount in mounts {
            if let parent = byID[mount.parent], parent.id != mount.id, parent.path.isIdentical(to: mount.path) {
                covers[parent.id] = mount.id
            }
        }
        var reachable: Set<Int> = []
        for mount in mounts where covers[mount.id] == nil {
            var below = mount
            var isReachable = true
            // Walk up to the root. A covering mount is reached in the same way as the mount that it covers.
            for _ in mounts {
                guard let parent = byID[below.parent], parent.id != below.id else { break }
                if let cover = covers[parent.id], cover != below.id {
                    isReachable = false
                    break
                }
                below = parent
            }
            if isReachable { reachable.insert(mount.id) }
        }
        return reachable
    }
}

extension MountTable.Mount {
    /// Parses `36 35 98:0 /root /path rw,noatime master:1 - ext3 /dev/root rw`.
    init?(_ line: ArraySlice<UInt8>) {
        let fields = line.split(separator: 0x20, omittingEmptySubsequences: false).map(Self.plain)
        guard let end = fields.firstIndex(of: "-"), end >= 6, fields.count > end + 1,
            let id = fields[0].flatMap({ Int($0) }), let parent = fields[1].flatMap({ Int($0) }),
            let device = fields[2], let options = fields[5]?.split(separator: ","), let type = fields[end + 1]
        else { return nil }
        let isWritable = !options.contains("ro")
        // Paths that are not UTF-8 cannot be compared. For read-only mounts no comparison is needed.
        guard let root = fields[3] ?? (isWritable ? nil : ""), let path = fields[4] ?? (isWritable ? nil : "") else {
            return nil
        }
        self.init(
            id: id, parent: parent, device: device, root: root, path: path, isWritable: isWritable, type: type)
    }

    /// Decodes spaces, line ends and backslashes, which are written as octal escapes such as `\040`.
    private static func plain(_ field: ArraySlice<UInt8>) -> String? {
        var bytes: [UInt8] = []
        var rest = field
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), rest.count >= 3,
                let value = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
            else {
                bytes.append(byte)
                continue
            }
            bytes.append(value)
            rest = rest.dropFirst(3)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
