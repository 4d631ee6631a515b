import Glibc
import JSON
import Session

/// Checks of codex's configuration beyond those that codex makes itself.
enum ConfigurationFiles {
    /// codex treats a dangling link as a missing file and continues without it. Reading a FIFO or a device would not
    /// end.
    static func fault(inHome home: String) -> ConfigurationFault? {
        for path in ["\(home)/config.toml", "\(home)/.env"] {
            var status = stat()
            if stat(path, &status) == 0 {
                guard ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) else { continue }
                return ConfigurationFault(file: path, message: "it is not a regular file")
            } else if errno == ENOENT, let target = FileTree.link(path) {
                return ConfigurationFault(
                    file: path, message: "it is a symbolic link to \(target), which does not exist")
            }
        }
        return nil
    }

    /// The part of its configuration that codex ignores, according to a notification; nil for other notifications.
    static func warning(_ message: JSONValue) -> String? {
        guard message["method"] == "configWarning", let summary = message["params"]?["summary"]?.stringValue,
            !ConfigurationFault.isOfDefaults(summary: summary), !others.contains(where: summary.contains)
        else { return nil }
        return ConfigurationFault("\(summary) \(message["params"]?["details"]?.stringValue ?? "")").description
    }

    /// Ignored warnings: codex ships its own bubblewrap, and project settings have no effect here anyway.
    private static let others = ["bubblewrap", "until the project is trusted"]
}
