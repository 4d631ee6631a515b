/// What is known of the command line up to a position: its pipeline, and the simple command at its end.
struct CommandState {
    enum Role {
        case program
        case script
        /// A script whose text is again the argument of a `-c`.
        case scriptOfShell
        case other
    }

    /// A simple command.
    struct Command {
        fileprivate(set) var isBeforeProgram = true
        /// The next argument is a script; with ``runsAll``, every further one.
        fileprivate var runsNext = false
        fileprivate var runsAll = false
        fileprivate var hasScriptOption = false
        fileprivate var isShell = false
        fileprivate var isRemote = false
        fileprivate var readsPassword = false
        /// It runs a program that its arguments name.
        fileprivate var isWrapper = false
        /// The word before may look like the name of a secret: `xargs -I token: program`.
        fileprivate var isBehindName = false
        fileprivate var texts: [CommandWord] = []
        fileprivate var hereStrings: [CommandWord] = []

        /// Without a program.
        static let ofArguments = {
            var command = Command()
            command.isBeforeProgram = false
            return command
        }()
        static let afterScriptOption = {
            var command = ofArguments
            command.runsNext = true
            return command
        }()
    }

    var command = Command()
    /// Open `case` commands, whose patterns end with a parenthesis.
    private(set) var cases = 0
    /// The next word belongs to a redirection.
    var isTarget = false
    var isHereString = false
    let isArithmetic: Bool
    var documents: [CommandParser.HereDocument] = []
    /// Quoted arguments of the pipeline that a later shell in it may receive.
    private var texts: [CommandWord] = []
    /// Those that a shell does receive: `echo '…' | sh`.
    private(set) var scripts: [CommandWord] = []
    private var firstDocument = 0

    init(isArithmetic: Bool = false) { self.isArithmetic = isArithmetic }

    mutating func endStage() {
        if command.isShell, !command.readsPassword {
            scripts += texts + command.hereStrings
            texts = []
            for index in documents.indices.dropFirst(firstDocument) { documents[index].isScript = true }
        } else if command.isRemote {
            for index in documents.indices.dropFirst(firstDocument) { documents[index].isScript = true }
        }
        texts += command.texts + command.hereStrings
        command = Command()
        (isTarget, isHereString) = (false, false)
    }

    mutating func endPipeline() {
        (texts, scripts, firstDocument) = ([], [], documents.count)
    }

    /// Adds a word, which is `text` without its quotes; empty if it is long.
    mutating func add(_ word: CommandWord, _ text: [UInt8]) -> Role {
        if isTarget {
            if isHereString { command.hereStrings.append(word) }
            (isTarget, isHereString) = (false, false)
            return .other
        }
        guard !command.isBeforeProgram else { return first(text, word) }
        let name = Self.name(text)
        if text.first == UInt8(ascii: "-") || text.first == UInt8(ascii: "+") {
            let letters = text.dropFirst()
            if letters.last == UInt8(ascii: "c"), letters.allSatisfy({ $0.isIn(.letter) }) { command.runsNext = true }
            if text.elementsEqual("--command".utf8) { command.runsNext = true }
            if command.runsNext { command.hasScriptOption = true }
            if letters.contains(UInt8(ascii: "S")) { command.readsPassword = true }
            return .other
        }
        if command.isWrapper, command.isBehindName {
            command.isBehindName = false
            return .program
        }
        command.isBehindName = text.last == UInt8(ascii: ":")
        let runs = command.runsNext || command.runsAll
        command.runsNext = false
        see(name)
        if !runs { command.texts.append(word) }
        guard runs else { return .other }
        return command.runsAll && command.hasScriptOption ? .scriptOfShell : .script
    }

    private mutating func first(_ text: [UInt8], _ word: CommandWord) -> Role {
        if Self.isAssignment(text) { return .other }
        let name = PackedWord(text)
        if name == "case" { cases += 1 }
        if name == "esac" { cases = max(0, cases - 1) }
        if Self.reserved.contains(name) { return .other }
        command.isBeforeProgram = false
        see(Self.name(text))
        return .program
    }

    private mutating func see(_ name: PackedWord) {
        if Self.shells.contains(name) { command.isShell = true }
        if Self.runners.contains(name) { command.runsAll = true }
        if Self.remotes.contains(name) { command.isRemote = true }
        if Self.wrappers.contains(name) { command.isWrapper = true }
    }

    /// Without its directory.
    private static func name(_ text: [UInt8]) -> PackedWord {
        PackedWord(text.lastIndex(of: UInt8(ascii: "/")).map { text[($0 + 1)...] } ?? text[...])
    }

    private static func isAssignment(_ text: [UInt8]) -> Bool {
        guard let sign = text.firstIndex(of: UInt8(ascii: "=")), sign > 0 else { return false }
        return text[..<sign].allSatisfy { $0.isIn(.word | .bracket | .plus) }
    }

    private static let shells: [PackedWord] = [
        "sh", "bash", "dash", "zsh", "ksh", "ash", "fish", "rbash", "source", ".",
    ]
    private static let runners: [PackedWord] = ["eval", "ssh", "trap", "watch", "alias"]
    private static let remotes: [PackedWord] = ["ssh", "su", "chroot", "nsenter"]
    private static let wrappers: [PackedWord] = [
        "eval", "ssh", "env", "sudo", "doas", "xargs", "nohup", "exec", "command", "builtin", "nice", "timeout",
        "setsid", "stdbuf", "watch",
    ]
    /// The name of a program may follow them.
    private static let reserved: [PackedWord] = [
        "if", "then", "else", "elif", "fi", "while", "until", "do", "done", "case", "esac", "time", "coproc", "!", "{",
        "}",
    ]
}
