import JSONRPC
import Policy

/// A directory whose sub-directories a principal may see, to choose one for a thread.
public struct BrowsableDirectory: Sendable, Hashable {
    /// Absolute, links resolved.
    public let path: String
    /// The directory above; nil if the principal may not see it.
    public let parent: String?
    /// A sentence: why a thread here may not write; nil if it may.
    public let obstacle: String?
}

extension ServerPolicy {
    public enum Browsing: Sendable, Hashable {
        case allowed(BrowsableDirectory)
        /// The principal may not see it; a sentence.
        case refused(String)
        /// There is no such directory; a sentence.
        case invalid(String)
    }

    /// May the principal see what is in this directory? It must lie in the roots of the principal's floor, links resolved,
    /// and may not be one of the server's own. nil means ``workspace``, or else the first root. Asks the file system.
    public func browse(_ path: String?, for principal: Principal) -> Browsing {
        do throws(ErrorReply) {
            // Names are not masked, and viewers start no threads.
            guard principal.role >= .operator else {
                throw refusal("Only who may start threads sees directories, with the role operator", principal)
            }
            let path = path ?? firstDirectory(for: principal)
            // Otherwise a link would tell what exists elsewhere.
            if let above = existingDirectory(above: path), !mayBeSeen(above, by: principal) {
                throw refusal("path \"\(path)\" is outside \(rootsInWords(principal))", principal)
            }
            try check(path, .directory, named: "path", for: principal)
            guard let resolved = resolveDirectory(path), mayBeSeen(resolved, by: principal) else {
                throw refusal("path \"\(path)\" is one of the server's own directories", principal)
            }
            let parent = resolved == "/" ? nil : CommandDirectory.resolved("..", in: resolved)
            return .allowed(
                BrowsableDirectory(
                    path: resolved, parent: parent.flatMap { mayBeSeen($0, by: principal) ? $0 : nil },
                    obstacle: obstacle(resolved)))
        } catch {
            return error.code == .refused ? .refused(error.message) : .invalid(error.message)
        }
    }

    /// `resolved` is absolute and without links.
    public func mayBeSeen(_ resolved: String, by principal: Principal) -> Bool {
        isPermitted(resolved, for: principal) && !protectedPaths.contains { Self.contains($0.path, resolved) }
            && !isSecret(resolved)
    }

    /// For a path at which there is no directory: the nearest one above, links resolved.
    private func existingDirectory(above path: String) -> String? {
        guard path.hasPrefix("/"), !path.utf8.contains(0), resolveDirectory(path) == nil else { return nil }
        var path = CommandDirectory.resolved(path, in: "/")
        while path != "/" {
            path = CommandDirectory.resolved("..", in: path)
            if let found = resolveDirectory(path) { return found }
        }
        return nil
    }

    private func firstDirectory(for principal: Principal) -> String {
        isPermitted(workspace, for: principal) ? workspace : floor(of: principal).roots?.first ?? workspace
    }

    private func obstacle(_ resolved: String) -> String? {
        do throws(ErrorReply) {
            try checkWritable(resolved, "\"\(resolved)\"")
            return nil
        } catch {
            return error.message
        }
    }
}
