/// The beginning of a word: `NAME=`, `--option=` or `-o`, before the part that is quoted in the rewritten word.
struct WordHead {
    let length: Int
    /// The word is an option, a name of a secret, or a word that the scanner knows.
    let isKnown: Bool

    init(_ word: ShellWord, _ text: UnsafeBufferPointer<UInt8>) {
        var start: [UInt8] = []
        for segment in word.segments where start.count <= 64 {
            if let byte = segment.byte { start.append(byte) } else { start += text[segment.original].prefix(66) }
        }
        let isOption = start.first == UInt8(ascii: "-")
        let name = start.prefix { $0.isIn(.word | .dot) }
        if !name.isEmpty, name.count < start.count, start[name.count] == UInt8(ascii: "=") {
            length = name.count + 1
        } else {
            length = isOption && start.count > 2 && start[1].isIn(.letter) ? 2 : 0
        }
        isKnown = isOption || name.count == start.count && start.count <= 64 && Self.isKnown(start)
    }

    private static func isKnown(_ name: [UInt8]) -> Bool {
        let word = PackedWord(name)
        return words[word] != nil || name.withUnsafeBufferPointer { SecretName($0[...]) }.isSecret
    }

    private static let words = WordTable<Bool>(
        (KnownProgram.all.flatMap { $0.names + $0.verbs } + WordRule.words).map {
            (PackedWord(stringLiteral: $0), true)
        })
}
