// Tests for what is at a position.
extension SecretScanner {
    func matches(_ text: StaticString, at position: Int) -> Bool {
        guard text.utf8CodeUnitCount <= bytes.count - position else { return false }
        for index in 0..<text.utf8CodeUnitCount where bytes[position + index] != text.utf8Start[index] { return false }
        return true
    }

    /// Ignores the case of letters; `text` is in lower case.
    func matchesAnyCase(_ text: StaticString, at position: Int) -> Bool {
        guard position >= 0, text.utf8CodeUnitCount <= bytes.count - position else { return false }
        for index in 0..<text.utf8CodeUnitCount where bytes[position + index].lowercased != text.utf8Start[index] {
            return false
        }
        return true
    }

    /// Whether an escaped line end or tab starts here.
    func isEscape(_ position: Int) -> Bool {
        guard position >= 0, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\") else { return false }
        return switch bytes[position + 1] {
        case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"): true
        default: false
        }
    }

    func slice(_ range: Range<Int>) -> Bytes { bytes[range] }

    func skipBlanks(from start: Int) -> Int {
        var position = start
        while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x09 { position += 1 }
        return position
    }
}
