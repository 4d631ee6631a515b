/// Where a command will run. The model may name a directory other than the thread's (`workdir`).
public enum CommandDirectory: Sendable, Hashable {
    case known(String)
    /// A code mode script chooses the directory in a way that cannot be parsed. The question shows no guess, and no
    /// standing approval covers such a command. What starts is still compared with what was granted.
    case unknown

    public var path: String? {
        if case .known(let path) = self { path } else { nil }
    }

    init(_ call: CommandCall, in cwd: String) {
        let directories = Set(call.workdirs?.map { Self.resolved($0 ?? "", in: cwd) } ?? [])
        self = directories.count == 1 ? directories.first.map(Self.known) ?? .unknown : .unknown
    }

    /// An absolute path without `.` and `..`, as codex reports it when the command starts.
    static func resolved(_ path: String, in cwd: String) -> String {
        var components: [Substring] = []
        for component in (path.hasPrefix("/") ? path : "\(cwd)/\(path)").split(separator: "/") where component != "." {
            if component == ".." { _ = components.popLast() } else { components.append(component) }
        }
        return "/" + components.joined(separator: "/")
    }
}
