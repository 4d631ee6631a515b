import AuditRecord

/// Removes what codex's messages quote from a file: lines, and invalid values.
public enum FileQuotes {
    private static let mask = SecretMask { _ in "" }.untagged

    /// The message on one line, without possible secrets and without a trailing full stop. `longest` is the number of
    /// characters to keep.
    public static func removed(from text: String, longest: Int = 500) -> String {
        var message = withoutLines(text).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        message = mask.masked(withoutValues(message)).replacing("[masked]", with: "…")
        while message.last == "." { message.removeLast() }
        return message.count > longest ? message.prefix(longest) + "…" : message
    }

    /// A quoted value may hold anything, so only member names and what codex expects are kept.
    private static func withoutValues(_ message: String) -> String {
        let expected = message.firstRange(of: "expected ")?.lowerBound ?? message.endIndex
        var found = String(message[..<expected])
        found.replace(/`(\w+) = [^`]*`/) { "`\($0.1) = …`" }
        found.replace(/((?:in|field|key|path|member|table) )?`([^`]*)`( is ignored)?/) { match in
            let isName = match.1 != nil || match.3 != nil || !match.2.contains { $0.isLetter || $0.isNumber }
            return isName || match.2.hasSuffix(" = …") ? String(match.0) : "`…`"
        }
        found.replace(/"(?:[^"\\]|\\.)*"/, with: "\"…\"")
        return found + message[expected...]
    }

    /// Removes the lines of a file that codex prints below a message, each after its number and a bar.
    public static func withoutLines(_ text: String) -> String {
        guard text.contains("|") else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { $0.prefixMatch(of: /\s*\d*\s*(\||-->)/) == nil }.joined(separator: "\n")
    }
}
