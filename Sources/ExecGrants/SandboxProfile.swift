import JSON

/// codex's permission profile, parsed from the launcher's command line (`--permission-profile`).
struct SandboxProfile: Hashable {
    let width: SandboxWidth
    let hasNetwork: Bool
    /// Absolute paths that may not even be read.
    let denied: Set<String>

    /// nil if any part is unknown: a profile that allows more must not pass as one that allows less.
    init?(_ text: String) {
        guard let json = try? JSONValue(parsing: text).objectValue, json["type"] == "managed",
            let fileSystem = json["file_system"]?.objectValue, fileSystem["type"] == "restricted",
            let entries = fileSystem["entries"]?.arrayValue
        else { return nil }
        switch json["network"] {
        case "restricted": hasNetwork = false
        case "enabled": hasNetwork = true
        default: return nil
        }
        var width = SandboxWidth.readOnly
        var denied: Set<String> = []
        for entry in entries {
            let path = entry["path"]
            switch (path?["type"]?.stringValue, entry["access"]?.stringValue) {
            case ("path", "deny"):
                guard let path = path?["path"]?.stringValue else { return nil }
                denied.insert(path)
            case ("path", "read"), ("special", "read"), ("special", "deny"): break
            case ("path", "write"):
                guard let path = path?["path"]?.stringValue else { return nil }
                let isRoot = path.utf8.allSatisfy { $0 == UInt8(ascii: "/") }
                width = max(width, isRoot ? .everything : .workspaceWrite)
            case ("special", "write"):
                let isRoot = path?["value"]?["kind"] == "root"
                width = max(width, isRoot ? .everything : .workspaceWrite)
            default: return nil
            }
        }
        self.width = width
        self.denied = denied
    }
}

/// How much of the file system a program may change.
public enum SandboxWidth: Int, Sendable, Hashable, Comparable {
    case readOnly
    /// Some directories.
    case workspaceWrite
    /// Everything that the user can change.
    case everything

    public static func < (one: SandboxWidth, other: SandboxWidth) -> Bool { one.rawValue < other.rawValue }
}
