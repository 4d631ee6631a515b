import Glibc

/// Finds the codex executable.
enum CodexRuntime {
    /// The runtime that `make` installs, relative to `.runtime` in the working directory, or to the installed
    /// executable.
    static let pinned = "codex_cli_bin/bin/codex"

    /// `given` is a path, or a name to look up in PATH; nil looks for the pinned runtime and then for `codex`. Throws a
    /// sentence that names what was not found.
    static func find(_ given: String?) throws(Failure) -> String {
        if let given, given.contains("/") {
            guard isExecutable(given) else { throw notExecutable(given) }
            return given
        }
        if let given {
            guard let path = inPath(given) else { throw Failure("CODEX_BIN: \(given) was not found in PATH.") }
            return path
        }
        let places = [
            "\(ProcessEnvironment.workingDirectory)/.runtime/\(pinned)", "\(ExecutablePaths.directory)/\(pinned)",
        ]
        guard let path = places.first(where: isExecutable) ?? inPath("codex") else {
            throw Failure("codex was not found. Run `make setup`, or set CODEX_BIN to the executable.")
        }
        return path
    }

    private static func notExecutable(_ path: String) -> Failure {
        Failure(
            access(path, F_OK) == 0
                ? "CODEX_BIN: \(path) cannot be executed (\(String(cString: strerror(errno)))). Set it to the codex executable."
                : "CODEX_BIN: \(path) does not exist. Set it to the codex executable.")
    }

    private static func inPath(_ name: String) -> String? {
        (ProcessEnvironment.all["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }.first(where: isExecutable)
    }

    static func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 }
}
