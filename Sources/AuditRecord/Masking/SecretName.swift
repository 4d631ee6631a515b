/// The name of a variable, a member, a header or an option. It is secret if its last word is a secret word: `GH_TOKEN`,
/// `dbPassword`, `x-api-key`, `SECRET_KEY_BASE`; not `tokenName`, `monkey`, `total_tokens`.
struct SecretName {
    private(set) var isSecret = false
    /// `Cookie`, `Authorization`: the value extends to the end of the line or of the quotes.
    private(set) var isHeader = false
    /// Words like `token` and `key` also occur in sentences ("unexpected token: x"); `password` rarely does.
    private(set) var isWeak = false
    /// `credentials`, `secrets`: the members inside have names of their own.
    private(set) var isPlural = false
    /// `PHPSESSID`, `gitlab_session`: secret if the value looks like a key and not like a plain number.
    private(set) var isSession = false

    private static let longest = 64

    init(_ name: String) {
        var name = name
        self = name.withUTF8 { SecretName($0[...]) }
    }

    init(_ name: Bytes) {
        guard Self.endsLikeOne(name) else { return }
        let (before, last) = Self.lastWords(name.suffix(Self.longest))
        let meaning = SecretWord.of(last)
        let isKey = last == "key" && !before.isEmpty && !SecretWord.of(before).contains(.harmlessKey)
        // A bare `pass` is what tests do.
        let isPass = last == "pass" && !before.isEmpty
        let isStrong =
            isPass || meaning.contains(.strong) || SecretWord.of(before.joined(last)).contains(.strong)
            || SecretWord.strongEnds.contains { last.ends(with: $0) }
        isPlural = meaning.contains(.plural)
        isSecret = isStrong || isKey || isPlural || last == "pw" || meaning.contains(.weak) || last.ends(with: "token")
        isHeader = meaning.contains(.header)
        isWeak = !isStrong && !isKey
        isSession = !isSecret && meaning.contains(.session)
    }

    private static func endsLikeOne(_ name: Bytes) -> Bool {
        // A number at the end has no meaning: `password1`, `API_KEY_2`.
        var end = name.endIndex
        while end - name.startIndex > 2, name[end - 1].isIn(.digit) { end -= 1 }
        if end < name.endIndex, end - name.startIndex > 2, name[end - 1].isIn(.joint) { end -= 1 }
        return end - name.startIndex >= 2 && SecretWord.ends.contains(name[end - 2], name[end - 1])
    }

    /// The word that decides, and the one before it; trailing numbers and ``SecretWord/trailing`` words are skipped.
    private static func lastWords(_ name: Bytes) -> (before: PackedWord, last: PackedWord) {
        var words = LastWords(name)
        if SecretWord.of(words.last).contains(.trailing) || words.last.withoutNumber.isEmpty {
            guard !words.before.isEmpty else { return (.none, words.last) }
            words.dropLast()
        }
        return (words.before, words.last.withoutNumber)
    }
}

/// The last three words of a name, split at `_`, `-`, `.`, and where a capital follows a lower-case letter.
private struct LastWords {
    private(set) var last = PackedWord.none
    private(set) var before = PackedWord.none
    private var first = PackedWord.none

    init(_ name: Bytes) {
        var isEnded = false, wasLower = false
        for byte in name {
            let isBreak = byte == UInt8(ascii: ".") || byte.isIn(.joint)
            if isBreak || wasLower && byte.isIn(.upper) { isEnded = true }
            if !isBreak {
                if isEnded, !last.isEmpty { (first, before, last) = (before, last, .none) }
                isEnded = false
                last.append(byte.lowercased)
            }
            wasLower = byte.isIn(.lower)
        }
    }

    mutating func dropLast() { (last, before, first) = (before, first, .none) }
}
