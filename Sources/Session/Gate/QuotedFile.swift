import AuditRecord

/// What codex's messages quote of a file: lines of it, and values that are not what they should be.
public enum QuotedFile {
    private static let mask = SecretMask { _ in "" }

    /// The message on one line, without what may be a secret and without a full stop at its end. `longest` is the number
    /// of characters that are kept.
    public static func removed(from text: String, longest: Int = 500) -> String {
        var message = withoutLines(text).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        message.replace(/string "(?:[^"\\]|\\.)*"/, with: "string \"…\"")
        // A word of another list is a slip; anything else is whatever somebody has put there.
        message.replace(/unknown variant `([^`]*)`/) { found in
            found.1.wholeMatch(of: /[a-z][a-z_-]{0,23}/) == nil ? "unknown variant `…`" : String(found.0)
        }
        message = mask.masked(message).replacing(/\[masked:hmac-sha256:[^\]]*\]/, with: "…")
        while message.last == "." { message.removeLast() }
        return message.count > longest ? message.prefix(longest) + "…" : message
    }

    /// Without the lines of a file that stand below a message, each behind its number and a bar.
    public static func withoutLines(_ text: String) -> String {
        guard text.contains("|") else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { $0.prefixMatch(of: /\s*\d*\s*(\||-->)/) == nil }.joined(separator: "\n")
    }
}
