import ExecGate

/// Commands reach codex as a script for `bash -lc`; a person reads the script.
public enum ShellWords {
    /// A shell, its options and a script, as one text.
    struct Invocation: Equatable {
        let shell: String
        let isLogin: Bool
        let script: String
    }

    /// The script as codex writes it: clients that show words show this script, and not words of it.
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

    /// One word that means itself to a shell, in single quotes (POSIX shell, section 2.2.2).
    public static func quoted(_ text: String) -> String {
        // Scalar by scalar: a quote with an accent on it is one character to Swift.
        let parts = text.unicodeScalars.split(separator: "'", omittingEmptySubsequences: false)
        return "'\(parts.map { String($0) }.joined(separator: "'\\''"))'"
    }

    /// `/bin/bash -lc '…'` and its like; nil when nothing of the kind is around the text.
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

    /// The script inside `/bin/bash -lc '…'`, or the text as it is when nothing of the kind is around it.
    public static func unwrapped(_ command: String) -> String { invocation(command)?.script ?? command }

    /// One shell word without its quotes (POSIX shell, section 2.2); nil when the text is more than one word or
    /// would mean something to the shell. Scalar by scalar: to Swift a carriage return and a line feed are one
    /// character, to a shell the second ends the command.
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
