// Calls in code, one of whose arguments shows that another is a secret.
extension SecretScanner {
    /// `getenv("DB_PASSWORD", "X")`, `environ.get('TOKEN', 'X')`: the name decides, and only the second argument is
    /// secret.
    func secondArgument(at opening: Int) -> Range<Int>? {
        guard let name = shortQuoted(from: skipBlanks(from: opening + 1)), SecretName(slice(name)).isSecret else {
            return nil
        }
        return argument(behind: name)
    }

    /// MongoDB's `db.auth('name', 'X')`.
    func callOfCredentials(at start: Int, _ word: WordSpan) -> Range<Int>? {
        guard word.end < bytes.count, bytes[word.end] == UInt8(ascii: "(") else { return nil }
        let isAuth = matches("auth(", at: start) && matchesAnyCase(".", at: start - 1)
        return isAuth || matches("changeUserPassword(", at: start) ? credentialArguments(at: word.end) : nil
    }

    /// `db.auth('name', 'X')`, `auth=('name', 'X')`
    func credentialArguments(at opening: Int) -> Range<Int>? {
        shortQuoted(from: opening + 1).flatMap(argument)
    }

    private func argument(behind first: Range<Int>) -> Range<Int>? {
        var position = first.upperBound
        while position < bytes.count, position - first.upperBound < 16,
            bytes[position].isIn(.quote) || bytes[position] == UInt8(ascii: "\\")
        {
            position += 1
        }
        position = skipBlanks(from: position)
        guard position < bytes.count, bytes[position] == UInt8(ascii: ",") else { return nil }
        return quoted(from: skipBlanks(from: position + 1)).flatMap(harmlessChecked)
    }

    /// A name in quotes.
    private func shortQuoted(from start: Int) -> Range<Int>? {
        var open = start
        while open < bytes.count, open - start < 16, bytes[open] == UInt8(ascii: "\\") { open += 1 }
        guard open < bytes.count, bytes[open].isIn(.quote) else { return nil }
        var end = open + 1
        while end < bytes.count, end - open <= 64, bytes[end].isIn(.word | .dot) { end += 1 }
        return end > open + 1 && end < bytes.count && (bytes[end].isIn(.quote) || bytes[end] == UInt8(ascii: "\\"))
            ? open + 1..<end : nil
    }

    /// `os.environ.get(`, `getpass("…")`, `config["…"]`: the source of the secret, not the secret.
    func isCall(from value: Int, isTight: Bool) -> Bool {
        var end = value, hasDigit = false
        while end < bytes.count, end - value < 64, bytes[end].isIn(.word | .dot) {
            hasDigit = hasDigit || bytes[end].isIn(.digit)
            end += 1
        }
        guard end > value, end + 1 < bytes.count,
            bytes[end] == UInt8(ascii: "(") || bytes[end] == UInt8(ascii: "[")
        else { return false }
        if bytes[end + 1].isIn(.quote) || bytes[end + 1] == UInt8(ascii: "\\") { return true }
        return !isTight && !hasDigit && bytes[end] == UInt8(ascii: "(")
    }
}
