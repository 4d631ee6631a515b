/// Scripts from constructs that have fooled command allow-lists before. The same seed gives the same scripts.
struct HostileScripts {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func number(below limit: Int) -> Int {
        // splitmix64
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
    }

    private mutating func one(of texts: [String]) -> String { texts[number(below: texts.count)] }

    /// One third is noise; the others are commands that rules may allow, with zero to two foreign tokens inserted.
    mutating func next() -> String {
        if number(below: 3) == 0 {
            return (0...number(below: 10)).map { _ in
                switch number(below: 4) {
                case 0: one(of: Self.hostile)
                case 1: " "
                default: one(of: Self.harmless)
                }
            }.joined()
        }
        var script = Array(
            (0...number(below: 3)).map { _ in one(of: Self.commands) }.reduce("") { text, command in
                text.isEmpty ? command : text + one(of: [" && ", " || ", "; ", " | ", "&&", "||", ";", "|"]) + command
            }.utf8)
        for _ in 0..<number(below: 3) {
            let token = one(of: number(below: 3) == 0 ? Self.harmless : Self.hostile)
            script.insert(contentsOf: token.utf8, at: number(below: script.count + 1))
        }
        return String(decoding: script, as: UTF8.self)
    }

    static let commands = [
        "df", "df -h", "df -hP /srv", "df '-h'", "ps", "ps aux", "ps -ef", "kubectl get pods", "kubectl logs web -n a",
        "kubectl get pods -n 'a b'", "grep 'a;b'", "grep \"a|b\" -i", "grep a\\ b", "wc -l", "df -t ext4",
    ]

    static let harmless = [
        "df", "ps", "kubectl", "get", "pods", "logs", "web", "grep", "wc", "-h", "-P", "-hP", "-l", "-n", "-i", "-t",
        "ext4", "aux",
        "-ef", "/srv", "a", "b", " ", " ", "'", "\"", "\\", "=", "''", "\"\"", "-", "--", ".", "/", ":", ",", "+", "@",
        "%", "_", "0", "7",
    ]

    static let hostile = [
        "$", "$(", ")", "(", "`", "`id`", "$(id)", "${", "}", "{", "{a,b}", "$HOME", "$IFS", "$'", "$\"", "$@", "$((",
        "))",
        ">", "<", ">>", "<<", "<<<", "2>", "&>", ">&", "<(", ">(", ">|", "&", "|&", ";;", ";&", "&&", "||", "|", ";",
        "\n", "\r\n", "\r",
        "\t", "\u{0}", "\u{B}", "\u{C}", "\u{1B}", "\u{7F}", "\u{8}", "\\\n", "*", "?", "[", "]", "[a-z]", "~", "~root",
        "!", "!!", "^", "#",
        " #", "A=b ", "A+=b ", "A=", "=", "PATH=.", "@(", "+(", "*(", "!(", "if ", "then ", "while ", "time ",
        "coproc ", "[[ ", "]] ", "case ",
        "eval ", "exec ", "source ", ". ", "command ", "builtin ", "env ", "sudo ", "xargs ", "sh -c ", "bash ", "./df",
        "/bin/df",
        "../", "-K", "-exec", "--exec", "-ok", "-delete", "--output", "--output=x", "-o", "-fprint", "get secrets",
        "secrets", "delete",
        "id", "rm", "x", "\u{A0}", "\u{2028}", "\u{202E}", "\u{200B}", "\u{FEFF}", "\u{3000}", "\u{85}", "\u{37E}",
        "\u{1FEF}", "\u{212A}",
        "\u{301}", "é", "ｄ", "\u{FF1B}", "\u{FF5C}", "🙂", "\\'", "\\\"", "\\\\", "\\$", "\\;", "'\\''", "'\"'", "\"'\"",
    ]
}
