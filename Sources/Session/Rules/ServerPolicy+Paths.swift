import JSON
import JSONRPC

/// Checks the paths that codex opens without asking because a call names them.
extension ServerPolicy {
    /// Checks a path of this kind against the principal's roots. `name` is the member's name for the error.
    func check(_ path: String, _ kind: PathMembers.Kind, named name: String, for principal: Principal)
        throws(ErrorReply)
    {
        let name = "\(name) \"\(path)\""
        // codex resolves a relative path against the directory of its own process.
        guard path.hasPrefix("/"), !path.utf8.contains(0) else {
            throw ErrorReply(.invalidParams, "\(name) is not an absolute path.")
        }
        let resolve = kind == .directory ? resolveDirectory : files.resolve
        let plain = CommandDirectory.resolved(path, in: "/")
        // As for a thread's directory: resolving `..` before or after links must give the same result.
        var target = resolve(path)
        if let found = target, !found.isIdentical(to: resolve(plain) ?? "") { target = nil }
        // A missing path is refused like a path outside the roots; otherwise any client could find out which files
        // exist.
        let place = target ?? plain
        guard
            isPermitted(place, for: principal) || kind == .skill && Self.contains(files.skills, place, resolveDirectory)
        else {
            throw refusal("\(name) is outside \(rootsInWords(principal))", principal)
        }
        guard let target else {
            let what = kind == .directory ? "a directory" : "a regular file"
            throw ErrorReply(.invalidParams, "\(name) is not \(what) on the server.")
        }
        let isOfCodex = kind == .skill && Self.contains(files.skills, target, resolveDirectory)
        guard kind == .directory || isOfCodex || !isSecret(target) else {
            throw refusal("\(name) is one of the server's secret files", principal)
        }
    }

    func isSecret(_ file: String) -> Bool {
        Self.contains(files.secrets, file, resolveDirectory) || Self.contains(files.secrets, file, files.resolve)
    }

    /// Is `path` one of these places, or below one, either as written or after resolving their links?
    private static func contains(_ places: [String], _ path: String, _ resolve: (String) -> String?) -> Bool {
        places.contains { contains($0, path) || resolve($0).map { contains($0, path) } ?? false }
    }
}
