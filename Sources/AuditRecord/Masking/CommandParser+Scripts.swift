// Words that a shell runs.
extension CommandParser {
    private static let deepestScript = 4

    /// Reads the word, without its quotes and escapes and first bytes, as a script. `ofShell`: that script is again the
    /// argument of a `-c`, as in `ssh host bash -c '"…"'`. `isText`: other programs made it (`printf 'a\nb'`).
    mutating func script(in word: CommandWord, dropping: Int = 0, ofShell: Bool = false, isText: Bool = false) {
        note(variablesOf: word.range)
        guard scriptDepth < Self.deepestScript, isQuoted(word.range) else { return }
        var script = ScriptText(text, word)
        script.dropFirst(dropping)
        if isText { script.replaceEscapes() }
        let origins = script.origins.map(original)
        script.bytes.withUnsafeBufferPointer { bytes in
            var parser = CommandParser(bytes, origins: origins, scriptDepth: scriptDepth + 1)
            (parser.nesting, parser.documentDepth) = (nesting, documentDepth)
            if ofShell { parser.line.command = .afterScriptOption }
            parser.parse()
            cuts += parser.cuts
            programs += parser.programs
            shown += parser.shown
            variables.add(parser.variables)
            if parser.runsInput { line.command.runsNestedInput = true }
        }
    }

    /// Reads text that a shell receives.
    mutating func run(_ text: CommandText) {
        if text.isFiltered { return show(text.word.range) }
        if text.isFirst, !isQuoted(text.word.range) {
            programs.append(original(text.word.range.lowerBound))
            cut(text.word.range.lowerBound)
        }
        script(in: text.word, isText: true)
    }

    /// Nothing in the range is masked because of what precedes it.
    mutating func show(_ range: Range<Int>) {
        cut(range.lowerBound)
        shown.append(original(range.lowerBound)..<original(range.upperBound))
    }

    /// Variables whose values the script runs, or contains.
    private mutating func note(variablesOf word: Range<Int>) {
        variables.note(text[word], areScripts: true)
    }

    private func isQuoted(_ word: Range<Int>) -> Bool { text[word].contains { $0.isIn(.quote | .backslash) } }

    /// The start of a word as the shell makes it.
    func literal(_ word: Range<Int>) -> [UInt8] {
        let start = word.prefix(256)
        return isQuoted(start) ? ScriptText(text, CommandWord(range: start)).bytes : Array(text[start])
    }
}
