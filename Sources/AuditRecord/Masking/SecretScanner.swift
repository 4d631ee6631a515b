/// A part of a text.
typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

/// Finds the secrets in a text from start to end, without looking back further than the length of a name.
struct SecretScanner {
    let bytes: UnsafeBufferPointer<UInt8>
    private let known: KnownSecrets
    private var secrets: [Range<Int>] = []
    private var position = 0
    /// The byte before the position is a letter or a digit; false at the start and after an escape.
    private var wasAlphanumeric = false
    private var isWordStart = false
    private var word = WordSpan()
    private var dotted = WordSpan()
    var command: CommandLine?
    /// A secret further on that an earlier word has announced.
    var coming: Range<Int>?
    /// A range whose members are all secrets.
    var store = 0..<0
    /// Up to here, ``standardInput(from:)`` has found no pipe.
    var pipelessEnd = 0

    let lookAhead = LookAhead()
    /// Of a command; nil for other texts.
    let layout: CommandLayout?

    init(_ bytes: UnsafeBufferPointer<UInt8>, known: KnownSecrets, _ layout: CommandLayout? = nil) {
        self.bytes = bytes
        self.known = known
        self.layout = layout
    }

    /// Sorted, not overlapping, not empty.
    mutating func scan() -> [Range<Int>] {
        while true {
            if !skipToStart() {
                guard let coming else { break }
                self.coming = nil
                if position < coming.upperBound {
                    take(max(position, coming.lowerBound)..<coming.upperBound, isAnnounced: true)
                }
            } else if let secret = knownSecret() ?? pem(at: position) {
                append(secret)
            } else if let secret = secretHere() {
                take(secret, isAnnounced: secret.lowerBound > position)
            } else {
                wasAlphanumeric = bytes[position].isIn(.alphanumeric)
                position += step(from: position)
            }
        }
        return secrets
    }

    /// `isAnnounced`: text before the secret has led to it, so it may be something else by itself.
    private mutating func take(_ found: Range<Int>, isAnnounced: Bool) {
        let whole = wholeWord(of: found)
        let secret = max(position, whole.lowerBound)..<whole.upperBound
        if isAnnounced, startsProgram(secret.lowerBound) || layout?.shows(secret.lowerBound) == true {
            return move(to: position + step(from: position))
        }
        guard let cut = layout?.cut(in: secret) else { return append(secret) }
        // The rest of a word around a command substitution.
        if cut.resume > cut.at, cut.resume < secret.upperBound, coming == nil {
            coming = cut.resume..<secret.upperBound
        }
        let visible = secret.lowerBound..<cut.at
        if SecretValue.isHarmless(slice(visible)) { move(to: cut.at) } else { append(visible) }
    }

    /// `PASSWORD= program`, also in quotes.
    private func startsProgram(_ position: Int) -> Bool {
        guard let program = layout?.program(before: position), position - program <= 2 else { return false }
        return bytes[program..<position].allSatisfy { $0.isIn(.quote | .backslash) || $0 == UInt8(ascii: "$") }
    }

    private mutating func append(_ secret: Range<Int>) {
        secrets.append(secret)
        move(to: secret.upperBound)
    }

    private mutating func move(to end: Int) {
        position = end
        wasAlphanumeric = bytes[end - 1].isIn(.alphanumeric)
    }

    /// Advances to the next byte at which something may start; most bytes start nothing. Returns false at the end, and
    /// at an announced secret.
    private mutating func skipToStart() -> Bool {
        let words = Self.wordStarts, known = known.starts
        let end = coming?.lowerBound ?? bytes.count
        var at = position
        defer { position = at }
        while at < end {
            let byte = bytes[at]
            let next = at + 1 < bytes.count ? bytes[at + 1] : 0
            let isAlphanumeric = byte.isIn(.alphanumeric)
            isWordStart = isAlphanumeric && !wasAlphanumeric
            if byte.isIn(.active) || known.contains(byte, next) { return true }
            if isWordStart, words.contains(byte, next, in: bytes, at: at) || Self.isBehindAccessKey(bytes, at) {
                return true
            }
            wasAlphanumeric = isAlphanumeric
            at += step(from: at)
        }
        return false
    }

    /// `\n` in JSON: its letter does not start the next word.
    private func step(from position: Int) -> Int { isEscape(position) ? 2 : 1 }

    private func knownSecret() -> Range<Int>? {
        guard position + 1 < bytes.count, known.starts.contains(bytes[position], bytes[position + 1]) else {
            return nil
        }
        return known.length(in: bytes, at: position).map { position..<position + $0 }
    }

    /// The beginnings of the words that ``wordSecret()`` knows.
    private static let wordStarts: WordStarts = {
        var starts = WordStarts()
        func insert(_ text: StaticString, anyCase: Bool) {
            starts.insert("\(text)".utf8, anyCase: anyCase, next: .space | .dot)
        }
        for shape in SecretShape.all { starts.insert(shape.prefix) }
        for start in ["eyJ", "hooks", "disc", "api", "webh", "outlook", "events", "changeuser"] {
            starts.insert(start.utf8)
        }
        for start in ["s.", "b."] { starts.insert(start.utf8, next: .alphanumeric) }
        for start in ["MT", "Mj", "Mz", "ND", "NT", "Nj", "Nz", "OD", "OT"] {
            starts.insert(start.utf8, next: .alphanumeric)
        }
        for word in WordRule.words { insert(word, anyCase: true) }
        for program in KnownProgram.all {
            for name in program.names { insert(name, anyCase: false) }
            for verb in program.verbs { insert(verb, anyCase: true) }
        }
        return starts
    }()

    /// The secret recognised at this byte. It may start later, never earlier.
    private mutating func secretHere() -> Range<Int>? {
        switch bytes[position] {
        case _ where isWordStart: return wordSecret()
        case UInt8(ascii: "="): return assignment(at: position)
        case UInt8(ascii: ":"):
            if mayEndStoreName(before: position), let end = storeEnd(at: position) { store = position + 1..<end }
            return assignment(at: position)
        case UInt8(ascii: "-"): return option(at: position)
        case UInt8(ascii: "$"): return crypt(at: position)
        case UInt8(ascii: "{"): return directoryHash(at: position)
        case UInt8(ascii: "*"): return mysqlHash(at: position)
        case UInt8(ascii: ">"): return elementContent(at: position)
        case UInt8(ascii: "<"): return hereText(at: position)
        case let byte where byte.isIn(.active): if command != nil, endsCommand(at: position) { command = nil }
        default: break
        }
        return nil
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
        return structuredSecret(at: start, word) ?? wordBeforeSecret(at: start, word)
    }
}
