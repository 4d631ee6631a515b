import ExecGrants

/// Converts between scripts and the `bash -lc` command lines in which codex carries them; a person reads the script.
public enum ShellWords {
    /// A command line that runs a script in a shell, split into its parts.
    struct Invocation: Equatable {
        let shell: String
        let isLogin: Bool
        let script: String
    }

    /// The command line that codex writes for the script: clients that display command lines show the script, not parts
    /// of it.
    static func wrapped(_ script: String, in shells: [CommandGrant.Shell] = CommandGrant.Shell.codexDefaults) -> String
    {
        let shell = shells.first ?? CommandGrant.Shell(path: "/bin/bash", isLogin: true)
        let path = shell.path.utf8.allSatisfy(isPlain) ? shell.path : quoted(shell.path)
        return "\(path) \(shell.isLogin ? "-lc" : "-c") \(quoted(script))"
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "-"), UInt8(ascii: "+"):
            true
        default: false
        }
    }

    /// Quotes a text as one literal shell word, in single quotes (POSIX shell, section 2.2.2).
    public static func quoted(_ text: String) -> String {
        // Scalar by scalar: Swift combines a quote and a following accent into one character.
        let parts = text.unicodeScalars.split(separator: "'", omittingEmptySubsequences: false)
        return "'\(parts.map { String($0) }.joined(separator: "'\\''"))'"
    }

    /// Parses `/bin/bash -lc '…'` and similar forms; nil if the text has no such form.
    static func invocation(_ command: String) -> Invocation? {
        for shell in ["bash", "sh", "zsh"].flatMap({ ["/bin/\($0)", "/usr/bin/\($0)", $0] }) {
            for (flag, isLogin) in [(" -lc ", true), (" -c ", false)] where command.hasPrefix(shell + flag) {
                if let script = unquoted(command.unicodeScalars.dropFirst(shell.count + flag.count)) {
                    return Invocation(shell: shell, isLogin: isLogin, script: script)
                }
            }
        }
        return nil
    }

    /// The script inside `/bin/bash -lc '…'`, or the text itself if it has no such form.
    public static func unwrapped(_ command: String) -> String { invocation(command)?.script ?? command }

    /// One shell word without its quotes (POSIX shell, section 2.2); nil if the text is more than one word or has a
    /// special meaning to the shell. Works scalar by scalar: Swift combines a carriage return and a line feed into one
    /// character, but to a shell the line feed ends the command.
    static func unquoted(_ word: Substring.UnicodeScalarView) -> String? {
        var result = String.UnicodeScalarView()
        var rest = word
        while let scalar = rest.popFirst() {
            switch scalar {
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
            case " ", "\t", "\n", "\r", ";", "|", "&", "<", ">", "(", ")", "$", "`", "*", "?", "[", "#", "~":
                return nil
            default:
                result.append(scalar)
            }
        }
        return String(result)
    }

    private static func takeDoubleQuoted(_ rest: inout Substring.UnicodeScalarView) -> String.UnicodeScalarView? {
        var result = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"": return result
            case "$", "`": return nil
            case "\\":
                guard let escaped = rest.popFirst() else { return nil }
                if !["\\", "\"", "$", "`"].contains(escaped) { result.append("\\") }
                result.append(escaped)
            default: result.append(scalar)
            }
        }
        return nil
    }
}
