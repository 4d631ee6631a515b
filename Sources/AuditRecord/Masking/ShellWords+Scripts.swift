// Scripts in words.
extension ShellWords {
    /// Whether a shell runs the word: it follows `-c` and perhaps other options, or `eval` or `ssh`.
    func isScript(before start: Int) -> Bool {
        var end = start, areOptions = true
        for _ in 0..<8 {
            while end > 0 {
                if text[end - 1] == 0x20 || text[end - 1] == 0x09 {
                    end -= 1
                } else if text[end - 1] == 0x0A,
                    let before = [2, 3].first(where: {
                        end >= $0 && ShellWord.continuation(text, at: end - $0) == $0
                    })
                {
                    end -= before
                } else {
                    break
                }
            }
            var first = end
            while first > 0, end - first < 64, !ShellWord.endsWord(text[first - 1]) { first -= 1 }
            let word = text[first..<end].filter { !$0.isIn(.quote | .backslash) }
            guard let sign = word.first else { return false }
            if word.count <= 5, Self.runners.contains(PackedWord(word)) { return true }
            if sign != UInt8(ascii: "-"), sign != UInt8(ascii: "+") { areOptions = false }
            if areOptions, word.elementsEqual("--command".utf8) { return true }
            if areOptions, word.last == UInt8(ascii: "c"), word.dropFirst().allSatisfy({ $0.isIn(.letter) }) {
                return true
            }
            end = first
        }
        return false
    }

    private static let runners: [PackedWord] = ["eval", "ssh", "trap", "watch"]
}
