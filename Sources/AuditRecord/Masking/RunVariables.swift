/// Values that a command keeps in variables or parameters, and which of them it runs: `X='…'; eval "$X"`,
/// `bash -c '"$@"' X`.
struct RunVariables {
    private typealias Value = (name: PackedWord, range: Range<Int>, isWord: Bool)

    private var values: [Value] = []
    private var parameters: [Range<Int>] = []
    private var operands: [Range<Int>] = []
    /// Variables that name a program.
    private var programs: Set<PackedWord> = []
    /// Variables in texts that are scripts.
    private var scripts: Set<PackedWord> = []
    private var runsParameters = false
    /// It defines a function or an alias, which may be called with any operands and any input.
    var definesFunction = false

    mutating func add(_ other: RunVariables) {
        values += other.values
        parameters += other.parameters
        programs.formUnion(other.programs)
        scripts.formUnion(other.scripts)
        runsParameters = runsParameters || other.runsParameters
    }

    mutating func add(parameter: Range<Int>) { parameters.append(parameter) }
    mutating func add(operand: Range<Int>) { operands.append(operand) }

    /// `isWord`: it has no blank and no sign between commands, so it is at most the name of a program.
    mutating func add(_ range: Range<Int>, of name: some Sequence<UInt8>, isWord: Bool) {
        values.append((PackedWord(name), range, isWord))
    }

    /// Looks for `$NAME`, `${NAME…}`, `$1`, `$@`. `areScripts`: the text is a script; otherwise a program's name.
    mutating func note(_ text: Bytes, areScripts: Bool) {
        var at = text.startIndex, isFirst = true
        while at < text.endIndex {
            guard text[at] == UInt8(ascii: "$"), at + 1 < text.endIndex else {
                isFirst = isFirst && text[at].isIn(.quote)
                at += 1
                continue
            }
            at += 1
            if text[at] == UInt8(ascii: "{") { at += 1 }
            let start = at
            while at < text.endIndex, text[at].isIn(.alphanumeric) || text[at] == UInt8(ascii: "_") { at += 1 }
            let isParameter =
                at == start ? at < text.endIndex && "@*".utf8.contains(text[at]) : text[start].isIn(.digit)
            let isArray = at > start && at < text.endIndex && text[at] == UInt8(ascii: "[")
            if isParameter || isArray { runsParameters = runsParameters || isFirst }
            if at > start {
                if isFirst { programs.insert(PackedWord(text[start..<at])) }
                if areScripts { scripts.insert(PackedWord(text[start..<at])) }
            }
            isFirst = false
        }
    }

    /// What may run: to be shown.
    var shown: [Range<Int>] {
        var shown = values.filter { value in
            programs.contains(value.name) || !value.isWord && scripts.contains(value.name)
        }.map(\.range)
        if runsParameters { shown += definesFunction ? operands : parameters }
        return shown
    }
}
