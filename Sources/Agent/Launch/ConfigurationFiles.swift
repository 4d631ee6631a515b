import Glibc
import JSON
import Session

/// What can be said of codex's configuration beside what codex says.
enum ConfigurationFiles {
    /// codex takes a link to nothing for no file, and goes on without.
    static func fault(inHome home: String) -> ConfigurationFault? {
        let path = "\(home)/config.toml"
        guard let target = FileTree.link(path), access(path, F_OK) != 0, errno == ENOENT else { return nil }
        return ConfigurationFault(file: path, message: "it is a link to \(target), which is not there")
    }

    /// What a notice of codex's says that it leaves out; nil for what does not concern its configuration here.
    static func warning(_ message: JSONValue) -> String? {
        guard message["method"] == "configWarning", let summary = message["params"]?["summary"]?.stringValue,
            !ConfigurationFault.isOfDefaults(summary: summary), !others.contains(where: summary.contains)
        else { return nil }
        return ConfigurationFault("\(summary) \(message["params"]?["details"]?.stringValue ?? "")").description
    }

    /// codex brings its own bubblewrap, and a project's settings do not count here anyway.
    private static let others = ["bubblewrap", "until the project is trusted"]
}
