/// What is known of the command line up to a position: its pipeline, and the simple command at its end.
struct CommandState {
    enum Role {
        case program
        /// A script, after the first bytes of the word.
        case script(dropping: Int)
        /// A script whose text is again the argument of a `-c`.
        case scriptOfShell
        /// It may run in a way that is not known, so nothing in it is masked by its name.
        case shown(dropping: Int)
        /// It runs if a script runs its parameters.
        case parameter
        case assignment
        case other
    }

    var command = SimpleCommand()
    /// Open `case` commands, whose patterns end with a parenthesis.
    private(set) var cases = 0
    /// The next word belongs to a redirection.
    var isTarget = false
    var isHereString = false
    let isArithmetic: Bool
    var documents: [CommandParser.HereDocument] = []
    /// Arguments of the pipeline that a later shell in it may receive.
    private var texts: [CommandText] = []
    /// Those that a shell does receive: `echo '…' | sh`.
    private(set) var scripts: [CommandText] = []
    /// Those of earlier pipelines.
    private(set) var ended: [CommandText] = []
    /// A program has been called that runs its input.
    private(set) var runsInput = false
    private var firstDocument = 0
    /// Open groups (`{`, `if`, `while`), and how many were open before one that has a pipe in front of it.
    private var groups = 0
    private var pipedGroup: Int?
    /// How many were open when a program was called in them that runs its input.
    private var runningGroup: Int?

    init(isArithmetic: Bool = false) { self.isArithmetic = isArithmetic }

    mutating func endStage() {
        var received = command.hereStrings
        if command.runsInput {
            scripts += texts + received
            (texts, received, runsInput) = ([], [], true)
            if groups > 0 { runningGroup = min(runningGroup ?? groups, groups) }
            for index in documents.indices.dropFirst(firstDocument) { documents[index].isScript = true }
        } else if command.isRemote {
            for index in documents.indices.dropFirst(firstDocument) { documents[index].isScript = true }
        } else if !command.copiesText {
            for index in texts.indices { texts[index].isFiltered = true }
            for index in received.indices { received[index].isFiltered = true }
            for index in documents.indices.dropFirst(firstDocument) { documents[index].isFiltered = true }
        }
        if command.runsWords { scripts += command.nestedTexts } else { texts += command.nestedTexts }
        texts += command.texts + received
        command = SimpleCommand()
        (isTarget, isHereString) = (false, false)
    }

    mutating func endPipeline() {
        (scripts, firstDocument) = ([], documents.count)
        if let pipedGroup, groups > pipedGroup { return }
        ended += texts
        (texts, pipedGroup) = ([], nil)
    }

    /// Adds a word, which is `text` without its quotes; empty if it is long.
    mutating func add(_ word: CommandWord, _ text: [UInt8]) -> Role {
        if isTarget {
            if isHereString { command.hereStrings.append(CommandText(word: word, isFirst: true)) }
            (isTarget, isHereString) = (false, false)
            return .other
        }
        return command.isBeforeProgram ? first(text) : command.add(word, text)
    }

    private mutating func first(_ text: [UInt8]) -> Role {
        if Self.isAssignment(text) { return .assignment }
        let word = PackedWord(text)
        if word == "case" { cases += 1 }
        if word == "esac" { cases = max(0, cases - 1) }
        if CommandPrograms.opening.contains(word) {
            if pipedGroup == nil, !texts.isEmpty { pipedGroup = groups }
            groups += 1
        }
        if CommandPrograms.closing.contains(word) {
            if let runningGroup, groups <= runningGroup { (self.runningGroup, command.runsNestedInput) = (nil, true) }
            groups = max(0, groups - 1)
        }
        if CommandPrograms.reserved.contains(word) { return .other }
        command.begin(Self.name(text), Array(text))
        return .program
    }

    /// Without its directory.
    static func name(_ text: [UInt8]) -> PackedWord {
        PackedWord(text.lastIndex(of: UInt8(ascii: "/")).map { text[($0 + 1)...] } ?? text[...])
    }

    static func isAssignment(_ text: [UInt8]) -> Bool {
        guard let sign = text.firstIndex(of: UInt8(ascii: "=")), sign > 0 else { return false }
        return text[..<sign].allSatisfy { $0.isIn(.word | .bracket | .plus) }
    }
}
