/// Commands reach codex as a script for `bash -lc`; a person reads the script.
public enum ShellWords {
    /// The script inside `/bin/bash -lc '…'`, or the text as it is when nothing of the kind is around it.
    public static func unwrapped(_ command: String) -> String {
        for shell in ["/bin/bash", "/usr/bin/bash", "bash", "/bin/sh", "/usr/bin/sh", "sh", "/bin/zsh", "zsh"] {
            for flag in [" -lc ", " -c "] where command.hasPrefix(shell + flag) {
                if let script = unquoted(command.dropFirst(shell.count + flag.count)) { return script }
            }
        }
        return command
    }

    /// One shell word without its quotes (POSIX shell, section 2.2); nil when the text is more than one word or
    /// would mean something to the shell.
    static func unquoted(_ word: Substring) -> String? {
        var result = ""
        var rest = word[...]
        while let character = rest.popFirst() {
            switch character {
            case "'":
                guard let end = rest.firstIndex(of: "'") else { return nil }
                result += rest[..<end]
                rest = rest[rest.index(after: end)...]
            case "\"":
                guard let quoted = takeDoubleQuoted(&rest) else { return nil }
                result += quoted
            case "\\":
                guard let escaped = rest.popFirst() else { return nil }
                result.append(escaped)
            case " ", "\t", "\n", ";", "|", "&", "<", ">", "(", ")", "$", "`", "*", "?", "[", "#", "~":
                return nil
            default:
                result.append(character)
            }
        }
        return result
    }

    private static func takeDoubleQuoted(_ rest: inout Substring) -> String? {
        var result = ""
        while let character = rest.popFirst() {
            switch character {
            case "\"": return result
            case "$", "`": return nil
            case "\\":
                guard let escaped = rest.popFirst() else { return nil }
                if !["\\", "\"", "$", "`"].contains(escaped) { result.append("\\") }
                result.append(escaped)
            default: result.append(character)
            }
        }
        return nil
    }
}
