import CProcess
import Glibc

/// Follows a path's symbolic links as the kernel does (path_resolution(7)), and detects paths whose target depends on
/// the process.
enum PathWalk {
    case found(String)
    /// The path does not exist. The existing directories have their links resolved; the rest is unchanged.
    case missing(String)
    /// The path passes through a link below /proc, such as `/proc/self/cwd`, whose target depends on the process, or
    /// through a link whose target is not UTF-8, which no path here can name. The value is the resolved path of that
    /// link, followed by the unresolved rest.
    case dependsOnProcess(String)

    /// The kernel's own limit (MAXSYMLINKS).
    private static let maximumLinks = 40

    /// A relative path starts at the working directory.
    init(_ path: String) {
        var ahead = path.utf8.split(separator: UInt8(ascii: "/"))[...]
        if !path.hasPrefix("/"), let directory = getcwd(nil, 0) {
            defer { free(directory) }
            ahead = String(cString: directory).utf8.split(separator: UInt8(ascii: "/")) + ahead
        }
        var place = ""
        var links = 0
        while let name = ahead.popFirst() {
            if name.elementsEqual(".".utf8) { continue }
            guard Self.isDirectory(place) else {
                self = .missing(Self.joined(place, [name] + ahead))
                return
            }
            if name.elementsEqual("..".utf8) {
                place = place.lastIndex(of: "/").map { String(place[..<$0]) } ?? ""
                continue
            }
            let next = "\(place)/\(Substring(name))"
            guard let bytes = FileTree.linkBytes(next) else {
                guard errno == EINVAL else {
                    self = .missing(Self.joined(place, [name] + ahead))
                    return
                }
                place = next
                continue
            }
            links += 1
            guard let link = String(validating: bytes, as: UTF8.self), !Self.isProcfs(place) else {
                self = .dependsOnProcess(Self.joined(next, Array(ahead)))
                return
            }
            guard links <= Self.maximumLinks else {
                self = .missing(Self.joined(next, Array(ahead)))
                return
            }
            ahead = link.utf8.split(separator: UInt8(ascii: "/")) + ahead
            if link.hasPrefix("/") { place = "" }
        }
        self = .found(place.isEmpty ? "/" : place)
    }

    /// Where the path leads, whichever case it is.
    var target: String {
        switch self {
        case .found(let target), .missing(let target), .dependsOnProcess(let target): target
        }
    }

    var isOfProcess: Bool { if case .dependsOnProcess = self { true } else { false } }

    private static func joined(_ place: String, _ names: [Substring.UTF8View]) -> String {
        names.reduce(into: place) { $0 += "/\(Substring($1))" }
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return path.isEmpty || lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func isProcfs(_ directory: String) -> Bool {
        cprocess_is_procfs(directory.isEmpty ? "/" : directory) == 1
    }
}
