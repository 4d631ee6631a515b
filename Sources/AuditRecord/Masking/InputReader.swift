/// A program that reads a secret from its input: through a pipe or a here string.
struct InputReader: Sendable {
    /// A word that must precede ``word`` on the command line; empty if none is needed.
    let earlier: StaticString
    let word: StaticString
    /// Whether a short option such as `-S` may be combined with others: `-kS`.
    let isFlag: Bool
    /// A name and a colon precede the secret.
    let hasName: Bool

    private init(
        _ word: StaticString, after earlier: StaticString = "", isFlag: Bool = false, hasName: Bool = false
    ) {
        self.earlier = earlier
        self.word = word
        self.isFlag = isFlag
        self.hasName = hasName
    }

    static let all: [InputReader] = [
        InputReader("chpasswd", hasName: true), InputReader("newusers", hasName: true), InputReader("passwd"),
        InputReader("smbpasswd"), InputReader("kinit"), InputReader("cryptsetup"), InputReader("ldapsearch"),
        InputReader("ssh-add"), InputReader("S", after: "sudo", isFlag: true), InputReader("su"),
        InputReader("join", after: "realm"), InputReader("join", after: "adcli"),
        InputReader("encrypt", after: "systemd-creds"),
        InputReader("vncpasswd"), InputReader("pdbedit"), InputReader("secret-tool"), InputReader("kubeseal"),
        InputReader("insert", after: "pass"), InputReader("load-key", after: "zfs"), InputReader("signin", after: "op"),
        InputReader("pubkey", after: "wg"), InputReader("unlock", after: "swarm"),
        InputReader("context", after: "hcloud"),
        InputReader("login", after: "tsh"), InputReader("--stdin-name"), InputReader("--password-stdin"),
        InputReader("--with-token"), InputReader("--stdin"),
        InputReader("--passphrase-fd=0"), InputReader("0", after: "--passphrase-fd"),
        InputReader("stdin:"), InputReader("stdin", after: "-pass"),
        InputReader("stdin", after: "-passin"), InputReader("stdin", after: "-passout"),
        InputReader("login", after: "vault"), InputReader("put", after: "vault"),
        InputReader("create", after: "secret"), InputReader("set", after: "secret"),
        InputReader("put", after: "secret"),
        InputReader("create", after: "secrets"), InputReader("set", after: "secrets"),
        InputReader("add", after: "versions"),
    ]

    /// Programs that search for words or show text: `grep passwd <<< "$text"`.
    static let textTools: [StaticString] = [
        "grep", "egrep", "fgrep", "rg", "awk", "sed", "cat", "tee", "less", "wc", "sort", "cut", "tr", "jq", "head",
        "tail", "diff", "column",
    ]
}

extension SecretScanner {
    /// The reader that a command line calls; if its first word is a text tool, there is none.
    func reader(in command: Range<Int>) -> InputReader? {
        var seen: [Range<Int>] = []
        var position = command.lowerBound
        while position < command.upperBound {
            var end = position
            while end < command.upperBound, !bytes[end].isIn(.space | .quote | .opening | .backslash) { end += 1 }
            guard end > position else {
                position += isEscape(position) ? 2 : 1
                continue
            }
            let word = withoutDirectory(position..<end)
            if seen.isEmpty, InputReader.textTools.contains(where: { isWord($0, word) }) { return nil }
            let found = InputReader.all.first { reader in
                (reader.isFlag ? isFlag(reader.word, word) : isWord(reader.word, word))
                    && (reader.earlier.utf8CodeUnitCount == 0 || seen.contains { isWord(reader.earlier, $0) })
            }
            if let found { return found }
            seen.append(word)
            position = end
        }
        return nil
    }

    private func isWord(_ text: StaticString, _ range: Range<Int>) -> Bool {
        range.count == text.utf8CodeUnitCount && matches(text, at: range.lowerBound)
    }

    private func isFlag(_ letter: StaticString, _ word: Range<Int>) -> Bool {
        word.count >= 2 && bytes[word.lowerBound] == UInt8(ascii: "-") && bytes[word.lowerBound + 1].isIn(.letter)
            && bytes[word].contains(letter.utf8Start[0])
    }

    /// `/usr/bin/passwd` is the program, but `/etc/passwd` is a file.
    private func withoutDirectory(_ word: Range<Int>) -> Range<Int> {
        guard bytes[word.lowerBound] == UInt8(ascii: "/"), let slash = bytes[word].lastIndex(of: UInt8(ascii: "/")),
            slash - word.lowerBound >= 4, matches("bin/", at: slash - 3)
        else { return word }
        return slash + 1..<word.upperBound
    }
}
