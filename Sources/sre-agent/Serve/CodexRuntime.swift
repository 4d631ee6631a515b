import Glibc

/// Where the codex executable is.
enum CodexRuntime {
    /// What `make` installs, seen from the server's working directory and from an installed executable.
    static let pinned = "codex_cli_bin/bin/codex"

    static let notFound = Failure("codex was not found. Run `make setup`, or set CODEX_BIN to the executable.")

    /// `given` is a path, or a name to look for in PATH; nil looks for the pinned runtime and then for `codex`.
    static func find(_ given: String?) -> String? {
        if let given, given.contains("/") { return isExecutable(given) ? given : nil }
        if let given { return inPath(given) }
        let places = [
            "\(ProcessEnvironment.workingDirectory)/.runtime/\(pinned)", "\(OwnProgram.directory)/\(pinned)",
        ]
        return places.first(where: isExecutable) ?? inPath("codex")
    }

    private static func inPath(_ name: String) -> String? {
        (ProcessEnvironment.all["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }.first(where: isExecutable)
    }

    static func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 }
}
