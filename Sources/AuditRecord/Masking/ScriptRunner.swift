/// A program that runs text of its command line, or of its input, as a script.
struct ScriptRunner: Sendable {
    enum Input: Sendable {
        case no
        /// Unless an option or an operand says where the script is.
        case script
        case always
    }

    /// It is looked for at every place of a command, as in `find -exec sh`; others only where a program is named.
    let isAnywhere: Bool
    let input: Input
    /// Every operand is a script.
    let operands: Bool
    /// Options whose argument is a script, besides `-c` and `--command`: letters, and long names without dashes.
    let letters: StaticString
    let long: StaticString

    private init(
        input: Input = .no, operands: Bool = false, letters: StaticString = "", long: StaticString = "",
        anywhere: Bool = false
    ) {
        (self.input, self.operands, self.letters, self.long) = (input, operands, letters, long)
        isAnywhere = anywhere
    }

    private static let all: [(names: [StaticString], runner: ScriptRunner)] = [
        (["sh", "bash", "dash", "zsh", "ksh", "rbash"], ScriptRunner(input: .script, anywhere: true)),
        (["ash", "fish", "busybox", "pwsh", "csh", "tcsh", "mksh"], ScriptRunner(input: .script)),
        (["source", "."], ScriptRunner(input: .script)),
        (["eval", "ssh", "trap", "watch", "alias"], ScriptRunner(operands: true, anywhere: true)),
        (["tmux", "screen", "byobu", "parallel"], ScriptRunner(input: .script, operands: true)),
        (["su", "runuser", "flock", "script"], ScriptRunner(input: .script, letters: "c", long: "command")),
        (["env"], ScriptRunner(letters: "S", long: "split-string")),
        (["mapfile", "readarray", "complete", "compgen"], ScriptRunner(letters: "C")),
        (["ansible"], ScriptRunner(letters: "a", long: "args")),
        (["at", "batch", "crontab", "xargs", "make", "expect"], ScriptRunner(input: .always)),
        (["python", "perl", "ruby", "node", "php", "lua", "tclsh"], ScriptRunner(input: .script)),
    ]

    static let byName = WordTable(
        all.flatMap { entry in entry.names.map { (PackedWord(stringLiteral: $0), entry.runner) } })

    /// `python3.12`: without its version.
    static func of(_ name: PackedWord, _ text: [UInt8]) -> ScriptRunner? {
        if let runner = byName[name] { return runner }
        let version = text.drop { !$0.isIn(.digit) }
        guard !version.isEmpty, version.allSatisfy({ $0.isIn(.digit | .dot) }) else { return nil }
        return byName[CommandState.name(Array(text.dropLast(version.count)))]
    }

    /// The number of bytes before the script that is joined to an option (`-SX`, `--split-string=X`); `text.count` if
    /// the script is the next word; nil if the option takes none.
    func start(ofScriptIn text: [UInt8]) -> Int? {
        let letters = UnsafeBufferPointer(start: self.letters.utf8Start, count: self.letters.utf8CodeUnitCount)
        if text.starts(with: "--".utf8) {
            let name = text.dropFirst(2).prefix { $0 != UInt8(ascii: "=") }
            let long = UnsafeBufferPointer(start: self.long.utf8Start, count: self.long.utf8CodeUnitCount)
            // Programs accept the start of a long option.
            guard !name.isEmpty, long.starts(with: name) else { return nil }
            return min(text.count, name.count + 3)
        }
        let cluster = text.dropFirst().prefix { $0.isIn(.alphanumeric) }
        return cluster.firstIndex(where: letters.contains).map { $0 + 1 }
    }
}
