/// Some of a text.
typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

/// Finds the secrets in a text, from its start to its end, without going back further than a name is long.
struct SecretScanner {
    let bytes: UnsafeBufferPointer<UInt8>
    private let known: KnownSecrets
    private var secrets: [Range<Int>] = []
    private var position = 0
    private var word: WordSpan
    private var dotted: WordSpan
    /// The program that the current command line calls, where its short options matter.
    var program: KnownProgram?

    init(_ bytes: UnsafeBufferPointer<UInt8>, known: KnownSecrets) {
        self.bytes = bytes
        self.known = known
        word = WordSpan(bytes, from: 0, allowsDots: false)
        dotted = WordSpan(bytes, from: 0, allowsDots: true)
    }

    /// Sorted, not overlapping, not empty.
    mutating func scan() -> [Range<Int>] {
        var wasAlphanumeric = false
        while position < bytes.count {
            let byte = bytes[position]
            let isAlphanumeric = byte.isIn(.alphanumeric)
            // Most bytes begin nothing.
            let isStart = isAlphanumeric ? !wasAlphanumeric : byte.isIn(.active)
            wasAlphanumeric = isAlphanumeric
            if let secret = knownSecret(byte) ?? (isStart ? secretHere(byte, isAlphanumeric) : nil) {
                secrets.append(secret)
                position = secret.upperBound
                wasAlphanumeric = bytes[position - 1].isIn(.alphanumeric)
            } else {
                // `\n` in JSON: its letter is not the start of the next word.
                position += isEscape(position) ? 2 : 1
            }
        }
        return secrets
    }

    private func knownSecret(_ byte: UInt8) -> Range<Int>? {
        guard known.mayBegin(with: byte) else { return nil }
        return known.length(in: bytes, at: position).map { position..<position + $0 }
    }

    /// The secret that is recognized at this byte. It may begin later, never earlier.
    private mutating func secretHere(_ byte: UInt8, _ isAlphanumeric: Bool) -> Range<Int>? {
        if isAlphanumeric { return wordSecret() }
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: ":"): return assignment(at: position)
        case UInt8(ascii: "-"): return pem(at: position) ?? option(at: position)
        default:
            program = nil
            return nil
        }
    }

    private mutating func wordSecret() -> Range<Int>? {
        let start = position
        if start >= word.end { word = WordSpan(bytes, from: start, allowsDots: false) }
        for index in SecretShape.candidates(bytes, at: start) {
            let shape = SecretShape.all[index]
            guard shape.begins(in: bytes, at: start) else { continue }
            if shape.allowsDots, start >= dotted.end { dotted = WordSpan(bytes, from: start, allowsDots: true) }
            if let end = shape.end(in: bytes, from: start, within: shape.allowsDots ? dotted : word) {
                return start..<end
            }
        }
        return jwt(at: start, word) ?? webhook(at: start) ?? accessKeyCompanion(at: start, word)
            ?? wordBeforeSecret(at: start, word)
    }

    func matches(_ text: StaticString, at position: Int) -> Bool {
        guard text.utf8CodeUnitCount <= bytes.count - position else { return false }
        for index in 0..<text.utf8CodeUnitCount where bytes[position + index] != text.utf8Start[index] { return false }
        return true
    }

    /// Letters are compared whatever their case; `text` is in small letters.
    func matchesAnyCase(_ text: StaticString, at position: Int) -> Bool {
        guard position >= 0, text.utf8CodeUnitCount <= bytes.count - position else { return false }
        for index in 0..<text.utf8CodeUnitCount where bytes[position + index].lowercased != text.utf8Start[index] {
            return false
        }
        return true
    }

    /// An escaped line end or tab begins there.
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
