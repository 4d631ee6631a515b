// Arguments inserted into a format text that names them as secrets.
extension SecretScanner {
    /// The argument of `printf '{"password":"%s"}' X`, including later arguments that are also secret.
    func formattedSecret(from start: Int) -> Range<Int>? {
        guard let format = quoted(from: start), format.count <= Self.longestGlance else { return nil }
        let secrets = secretConversions(in: format)
        guard let last = secrets.last else { return nil }
        var position = argumentEnd(from: start), found: Range<Int>?
        for number in 0...last {
            position = skipBlanks(from: position)
            guard position < bytes.count, !bytes[position].isIn(.space | .separator) else { break }
            if secrets.contains(number), let secret = secret(from: position, behind: nil) {
                found = (found?.lowerBound ?? secret.lowerBound)..<secret.upperBound
            }
            position = max(position + 1, argumentEnd(from: position))
        }
        return found
    }

    /// The last argument of `printf -v DB_PASSWORD %s X`.
    func printedVariable(from start: Int) -> Range<Int>? {
        guard matches("-v ", at: start) else { return nil }
        let name = skipBlanks(from: start + 3), end = argumentEnd(from: name)
        guard end > name, SecretName(slice(name..<end)).isSecret else { return nil }
        let format = skipBlanks(from: end), value = skipBlanks(from: argumentEnd(from: format))
        let isLast = value >= bytes.count || bytes[value].isIn(.space | .separator)
        return secret(from: isLast ? format : value, behind: nil)
    }

    /// The indices, from 0, of the conversions that follow a secret name in the format.
    private func secretConversions(in format: Range<Int>) -> [Int] {
        var numbers: [Int] = [], number = 0, position = format.lowerBound
        while position + 1 < format.upperBound {
            guard bytes[position] == UInt8(ascii: "%") else {
                position += 1
                continue
            }
            if bytes[position + 1] != UInt8(ascii: "%") {
                var end = position
                while end > format.lowerBound, position - end < 16, !bytes[end - 1].isIn(.word) { end -= 1 }
                var name = end
                while name > format.lowerBound, end - name < 64, bytes[name - 1].isIn(.word | .dot) { name -= 1 }
                let between = bytes[end..<position]
                let isNamed = between.contains { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "=") }
                if isNamed, SecretName(slice(name..<end)).isSecret { numbers.append(number) }
                number += 1
            }
            position += 2
        }
        return numbers
    }
}
