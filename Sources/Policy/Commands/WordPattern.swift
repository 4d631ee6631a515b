/// A pattern for words: literal, except for `*`.
///
/// Allow rules use ``allows(_:)``, ask and deny rules use ``touches(_:)``: for a word that could be read in two ways,
/// the first returns no and the second returns yes.
struct WordPattern: Sendable, Hashable {
    let text: String
    private let bytes: [UInt8]

    /// nil unless the text is printable ASCII: rules see nothing else, so any other pattern would never match.
    init?(_ text: String) {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        self.text = text
        bytes = Array(text.utf8)
    }

    /// `*` stands for any run of characters without a slash, possibly empty, but never matches in a word that contains
    /// `..`: otherwise a pattern for the files of a directory would match files outside it. An option is matched only
    /// by a pattern that starts with `-` too.
    func allows(_ word: String) -> Bool {
        let word = Array(word.utf8)
        if word.first == UInt8(ascii: "-"), bytes.first != UInt8(ascii: "-") { return false }
        guard bytes.contains(UInt8(ascii: "*")) else { return word == bytes }
        let leadsUp = zip(word, word.dropFirst()).contains { $0 == UInt8(ascii: ".") && $1 == UInt8(ascii: ".") }
        return !leadsUp && matches(word) { $0 != UInt8(ascii: "/") }
    }

    /// `*` stands for any run of characters. `-r` also matches `-rf`, and `--force` matches `--force=yes` and `--fo`,
    /// which many programs accept as its abbreviation.
    func touches(_ word: String) -> Bool {
        if matches(Array(word.utf8), run: { _ in true }) { return true }
        let word = Array(word.utf8)
        guard word.count > 1, word[0] == UInt8(ascii: "-") else { return false }
        if word[1] == UInt8(ascii: "-") {
            let name = word.prefix { $0 != UInt8(ascii: "=") }
            return name.count > 2 && bytes.starts(with: name)
        }
        return bytes.count == 2 && bytes[0] == UInt8(ascii: "-") && word.contains(bytes[1])
    }

    private func matches(_ word: [UInt8], run: (UInt8) -> Bool) -> Bool {
        var (at, next) = (0, 0)
        // Where to continue when the last `*` must take one more byte.
        var retry: (pattern: Int, word: Int)?
        while at < word.count {
            if next < bytes.count, bytes[next] == UInt8(ascii: "*") {
                next += 1
                retry = (next, at)
            } else if next < bytes.count, bytes[next] == word[at] {
                (at, next) = (at + 1, next + 1)
            } else if let last = retry, run(word[last.word]) {
                retry = (last.pattern, last.word + 1)
                (at, next) = (last.word + 1, last.pattern)
            } else {
                return false
            }
        }
        return bytes[next...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
