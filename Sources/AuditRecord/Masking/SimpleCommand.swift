/// What is known of a simple command up to a position.
struct SimpleCommand {
    private(set) var isBeforeProgram = true
    /// The program, or the last one that a wrapper runs.
    private(set) var program = PackedWord.none
    /// The next operand is a script; with ``runsAll``, every further one.
    private var runsNext = false
    private(set) var runsAll = false
    private var hasScriptOption = false
    private var hasShell = false
    /// The program reads a script from its input, unless an operand names a file.
    private var interprets = false
    private var alwaysReads = false
    private var hasFile = false
    private(set) var isRemote = false
    private var readsPassword = false
    /// Up to 0, the next operand may be a program: it is the first or second one behind a wrapper. Arguments of options
    /// do not count.
    private var operands = 1
    private var runsAnyOperand = false
    private var isBehindOption = false
    /// The word before may look like the name of a secret: `xargs -I token: program`.
    private var isBehindName = false
    private var runner: ScriptRunner?
    /// A script or a substitution in it runs its input.
    var runsNestedInput = false
    /// Its words may be run later: `set -- X`, arrays.
    private(set) var holdsParameters = false
    var texts: [CommandText] = []
    var hereStrings: [CommandText] = []
    /// Output of substitutions in its words.
    var nestedTexts: [CommandText] = []

    /// Without a program.
    static let ofArguments = {
        var command = SimpleCommand()
        (command.isBeforeProgram, command.holdsParameters) = (false, true)
        return command
    }()
    static let afterScriptOption = {
        var command = ofArguments
        (command.runsNext, command.holdsParameters) = (true, false)
        return command
    }()

    /// Input of the command is a script. Where a password is read from it first, only if that is certain.
    var runsInput: Bool {
        let reads = alwaysReads || interprets && !hasScriptOption && !hasFile
        return runsNestedInput || (readsPassword ? reads : hasShell || interprets)
    }
    /// Text from substitutions in its words may be a script.
    var runsWords: Bool { hasShell || interprets || runsAll }
    var copiesText: Bool { isBeforeProgram || CommandPrograms.copiers.contains(program) }

    mutating func begin(_ name: PackedWord, _ text: [UInt8]) {
        isBeforeProgram = false
        program = name
        see(name, text, isProgram: true)
    }

    /// Adds an option or an operand.
    mutating func add(_ word: CommandWord, _ text: [UInt8]) -> CommandState.Role {
        if text.first == UInt8(ascii: "-") || text.first == UInt8(ascii: "+"), text.count > 1 { return addOption(text) }
        defer { isBehindOption = false }
        if isWrapper, isBehindName {
            isBehindName = false
            return .program
        }
        isBehindName = text.last == UInt8(ascii: ":")
        let runs = runsNext || runsAll
        runsNext = false
        if program == "git", let sign = Self.startOfAlias(text) { return .shown(dropping: sign) }
        if program == "sed" || program == "gsed", SedScript.mayExecute(text) { return .shown(dropping: 0) }
        let namesProgram = isWrapper && !isBehindOption && text.first == UInt8(ascii: "$")
        seeOperand(word, text)
        if namesProgram { interprets = true }
        texts.append(CommandText(word: word, isFirst: texts.isEmpty, isFiltered: runs))
        guard runs else { return holdsParameters || runsWords || namesProgram ? .parameter : .other }
        return runsAll && hasScriptOption ? .scriptOfShell : .script(dropping: 0)
    }

    private var isWrapper: Bool { CommandPrograms.wrappers.contains(program) }

    private mutating func addOption(_ text: [UInt8]) -> CommandState.Role {
        let letters = text.dropFirst()
        let isCluster = letters.allSatisfy { $0.isIn(.letter) }
        isBehindOption =
            isCluster
            ? CommandPrograms.argumentLetters.contains(letters.last ?? 0)
            : text.starts(with: "--".utf8) && text.count > 2 && !text.contains(UInt8(ascii: "="))
        if text.elementsEqual("--".utf8) { isBehindOption = false }
        if letters.last == UInt8(ascii: "c"), isCluster { runsNext = true }
        if text.elementsEqual("--command".utf8) { runsNext = true }
        if interprets, isCluster, letters.contains(UInt8(ascii: "s")) { alwaysReads = true }
        if !interprets, isCluster, letters.contains(UInt8(ascii: "S")) || text.elementsEqual("--stdin".utf8) {
            readsPassword = true
        }
        let start = runner?.start(ofScriptIn: text)
        if start == text.count { runsNext = true }
        if runsNext { hasScriptOption = true }
        guard let start, start < text.count else { return .other }
        hasScriptOption = true
        return .script(dropping: start)
    }

    private mutating func seeOperand(_ word: CommandWord, _ text: [UInt8]) {
        if interprets, !isBehindOption, !Self.isInput(text), word.substitutions.isEmpty, program != "su" {
            hasFile = true
        }
        let isPlace = operands <= 0 && !isBehindOption && !CommandState.isAssignment(text)
        see(CommandState.name(text), text, isProgram: isPlace || runsAnyOperand)
        if isPlace { operands += 1 }
    }

    /// `-`, `/dev/stdin`, `/dev/fd/0`
    private static func isInput(_ text: [UInt8]) -> Bool {
        text.elementsEqual("-".utf8) || text.starts(with: "/dev/".utf8) || text.starts(with: "/proc/".utf8)
    }

    private mutating func see(_ name: PackedWord, _ text: [UInt8], isProgram: Bool) {
        if CommandPrograms.remotes.contains(name) { isRemote = true }
        if name == "su" { readsPassword = true }
        if CommandPrograms.runners.contains(name), isProgram { runsAnyOperand = true }
        if isProgram {
            if CommandPrograms.wrappers.contains(program) { program = name }
            if CommandPrograms.wrappers.contains(name) { operands = -1 }
            if name == "set" { holdsParameters = true }
        }
        guard let found = ScriptRunner.of(name, text), isProgram || found.isAnywhere else { return }
        if found.isAnywhere, found.input == .script { hasShell = true }
        if found.operands { runsAll = true }
        guard isProgram else { return }
        runner = found
        (hasScriptOption, hasFile) = (false, false)
        interprets = found.input == .script
        alwaysReads = found.input == .always
        if alwaysReads { interprets = true }
    }

    /// `alias.x=!command`, `!command`
    private static func startOfAlias(_ text: [UInt8]) -> Int? {
        let mark = UInt8(ascii: "!")
        guard let place = text.firstIndex(of: mark), place == 0 || text[place - 1] == UInt8(ascii: "=") else {
            return nil
        }
        return place
    }
}
