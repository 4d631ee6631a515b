/// Reads a text as bash does, for a ``CommandLayout``: simple commands, and the words, quotes, here-documents and
/// substitutions in them. A quote that is not closed extends to the end of the text.
///
/// A word that a shell runs as a script (`bash -c '…'`, `eval`, `ssh`) is read as a script as well.
struct CommandParser {
    let text: UnsafeBufferPointer<UInt8>
    /// For a script in a word: where each byte, and the end, is in the original text.
    private let origins: [Int]?
    let scriptDepth: Int
    var position = 0
    /// The end of the part that is being read.
    var limit: Int
    /// The number of substitutions and subshells around the position.
    var nesting = 0
    /// The number of here-documents around the position that a shell runs.
    var documentDepth = 0
    var line = CommandState()
    /// The outermost substitutions of the words that are being read.
    var substitutions: [Range<Int>] = []
    var cuts: [CommandLayout.Cut] = []
    var programs: [Int] = []
    /// Where nothing is masked because of what precedes it.
    var shown: [Range<Int>] = []
    var variables = RunVariables()
    /// A program in it runs its input.
    var runsInput = false

    init(_ text: UnsafeBufferPointer<UInt8>, origins: [Int]? = nil, scriptDepth: Int = 0) {
        (self.text, self.origins, self.scriptDepth, limit) = (text, origins, scriptDepth, text.count)
    }

    static let deepestNesting = 64

    mutating func parse() {
        commands(until: nil)
        endPipeline()
        hereDocuments()
        runsInput = runsInput || line.runsInput
        if variables.definesFunction, runsInput {
            for text in line.ended { show(text.word.range) }
        }
        for range in variables.shown {
            shown.append(range)
            cuts.append(.init(at: range.lowerBound, resume: range.lowerBound))
        }
    }

    /// Reads commands up to the end of the part, or up to the parenthesis that closes a substitution or a subshell.
    mutating func commands(until end: UInt8?) {
        while position < limit {
            let byte = text[position]
            switch byte {
            case 0x20, 0x09, 0x0D: position += 1
            case UInt8(ascii: "\\") where position + 1 < limit && text[position + 1] == 0x0A: position += 2
            case UInt8(ascii: "#"): while position < limit, text[position] != 0x0A { position += 1 }
            case 0x0A:
                cut(position)
                endPipeline()
                position += 1
                hereDocuments()
            case UInt8(ascii: "|") where position + 1 >= limit || text[position + 1] != byte: endStage()
            case UInt8(ascii: "|"), UInt8(ascii: ";"), UInt8(ascii: "&"):
                cut(position)
                position += 1
                endPipeline()
            case UInt8(ascii: ")"):
                if end == byte, line.cases == 0 { return }
                position += 1
                line.command = .init()
            case UInt8(ascii: "("): subshell()
            case UInt8(ascii: "<"), UInt8(ascii: ">"): redirection()
            default: argument()
            }
        }
    }

    /// `a | b`
    private mutating func endStage() {
        cut(position)
        position += 1
        line.endStage()
    }

    private mutating func endPipeline() {
        line.endStage()
        let scripts = line.scripts
        line.endPipeline()
        for text in scripts { run(text) }
    }

    private mutating func subshell() {
        cut(position)
        // `name=(a b)`
        let isArray = position > 0 && !ShellWord.endsWord(text[position - 1])
        position += 1
        if position < limit, text[position] == UInt8(ascii: ")") { variables.definesFunction = true }
        let isArithmetic = position < limit && text[position] == UInt8(ascii: "(")
        nested(isArithmetic: isArithmetic) {
            if isArray { $0.line.command = .ofArguments }
            $0.commands(until: UInt8(ascii: ")"))
        }
        position = min(limit, position + 1)
        cut(position)
        let (runsInput, texts) = (line.command.runsNestedInput, line.command.nestedTexts)
        line.command = .init()
        (line.command.runsNestedInput, line.command.nestedTexts) = (runsInput, texts)
    }

    /// Reads a part with a line of its own. Parts that are nested too deeply belong to the part around them.
    mutating func nested(isArithmetic: Bool = false, _ body: (inout CommandParser) -> Void) {
        guard nesting < Self.deepestNesting else { return }
        let outer = line
        line = CommandState(isArithmetic: isArithmetic || outer.isArithmetic)
        nesting += 1
        body(&self)
        endPipeline()
        nesting -= 1
        let (documents, texts, runs) = (line.documents, line.ended, line.runsInput)
        line = outer
        line.documents += documents
        line.command.nestedTexts += texts
        if runs { (line.command.runsNestedInput, runsInput) = (true, true) }
    }

    private mutating func argument() {
        let start = position, outer = substitutions.count
        word()
        let word = CommandWord(range: start..<position, substitutions: Array(substitutions[outer...]))
        substitutions.removeSubrange(outer...)
        guard position > start else { return position += 1 }
        cut(position)
        let literal = literal(word.range)
        keep(word, literal)
        switch line.add(word, literal) {
        case .program:
            programs.append(original(start))
            cut(start)
            variables.note(text[word.range], areScripts: false)
            if literal.elementsEqual("function".utf8) || literal.elementsEqual("alias".utf8) {
                variables.definesFunction = true
            }
        case .script(let length): script(in: word, dropping: length)
        case .scriptOfShell: script(in: word, ofShell: true)
        case .shown: show(word.range)
        case .parameter:
            variables.add(parameter: original(start)..<original(position))
            variables.add(operand: original(start)..<original(position))
            variables.note(text[word.range], areScripts: false)
        case .assignment: break
        case .other: variables.add(operand: original(start)..<original(position))
        }
    }

    /// Remembers the value of `NAME=X`, in case that it runs.
    private mutating func keep(_ word: CommandWord, _ literal: [UInt8]) {
        guard CommandState.isAssignment(literal), let sign = text[word.range].firstIndex(of: UInt8(ascii: "=")) else {
            return
        }
        let value = sign + 1..<word.range.upperBound
        let isWord = !text[value].contains { $0.isIn(.space | .separator) || "($`".utf8.contains($0) }
        variables.add(
            original(value.lowerBound)..<original(value.upperBound),
            of: literal.prefix { $0.isIn(.alphanumeric) || $0 == UInt8(ascii: "_") }, isWord: isWord)
    }

    mutating func cut(_ position: Int) { cut(position, resume: position) }

    mutating func cut(_ position: Int, resume: Int) {
        cuts.append(.init(at: original(position), resume: original(resume)))
    }

    func original(_ position: Int) -> Int { origins.map { $0[min(position, $0.count - 1)] } ?? position }
}
