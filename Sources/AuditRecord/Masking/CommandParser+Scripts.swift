// Words that a shell runs.
extension CommandParser {
    private static let deepestScript = 4

    /// Reads the word, without its quotes and escapes, as a script. `ofShell`: that script is again the argument of a
    /// `-c`, as in `ssh host bash -c '"…"'`.
    mutating func script(in word: CommandWord, ofShell: Bool = false) {
        guard scriptDepth < Self.deepestScript, isQuoted(word.range) else { return }
        let script = ScriptText(text, word)
        let origins = script.origins.map(original)
        script.bytes.withUnsafeBufferPointer { bytes in
            var parser = CommandParser(bytes, origins: origins, scriptDepth: scriptDepth + 1)
            (parser.nesting, parser.documentDepth) = (nesting, documentDepth)
            if ofShell { parser.line.command = .afterScriptOption }
            parser.parse()
            cuts += parser.cuts
            programs += parser.programs
        }
    }

    private func isQuoted(_ word: Range<Int>) -> Bool { text[word].contains { $0.isIn(.quote | .backslash) } }

    /// The start of a word as the shell makes it.
    func literal(_ word: Range<Int>) -> [UInt8] {
        let start = word.prefix(256)
        return isQuoted(start) ? ScriptText(text, CommandWord(range: start)).bytes : Array(text[start])
    }
}
