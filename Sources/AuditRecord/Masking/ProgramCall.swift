import JSON

/// An array that calls a known program: its elements are scanned together as a command line.
struct ProgramCall {
    enum Word {
        case kept
        case masked(String)
        /// Mask the whole element, which is not a single word.
        case secret
    }

    /// Replaces an element that is not a single word.
    private static let placeholder = "several-words"

    private let words: [String]

    /// nil if none of its first elements is a known program.
    init?(_ elements: [JSONValue]) {
        guard elements.count >= 2, elements.prefix(4).contains(where: Self.isProgram) else { return nil }
        words = elements.map { element in
            guard let text = element.stringValue, Self.isWord(text) else { return Self.placeholder }
            return text
        }
    }

    var text: String { words.joined(separator: " ") }

    /// Returns one word per element, from ``text`` after masking: a mark contains no spaces. nil if a secret spans
    /// several elements.
    func words(masked text: String) -> [Word]? {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == words.count else { return nil }
        return zip(words, parts).map { word, part in
            if word == part { return .kept }
            return word == Self.placeholder ? .secret : .masked(String(part))
        }
    }

    private static func isProgram(_ element: JSONValue) -> Bool {
        guard let name = element.stringValue?.utf8.split(separator: UInt8(ascii: "/")).last, name.count <= 16 else {
            return false
        }
        return KnownProgram.byName[PackedWord(name)] != nil
    }

    private static func isWord(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && !$0.isIn(.quote | .separator) && $0 != UInt8(ascii: "\\") }
    }
}
