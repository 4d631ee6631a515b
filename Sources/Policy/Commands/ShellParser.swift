/// Parses the part of the shell's grammar that ``ShellScript`` supports, and refuses the rest.
///
/// The bytes permitted outside quotes are listed; all others are refused. So characters with a special meaning in some
/// shell (`^`, `~`, `{`, `#`, `!`) need no line here.
struct ShellParser {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func script() throws(ShellScript.NotPlain) -> ([SimpleCommand], [ShellScript.Operator]) {
        guard bytes.count <= ShellScript.maximumSize else { throw .tooLong }
        var commands: [SimpleCommand] = []
        var operators: [ShellScript.Operator] = []
        while true {
            commands.append(try command())
            guard let next = try joint() else { break }
            skipSpaces()
            // A script may end with a semicolon, but with no other operator.
            if next == .sequence, position == bytes.count { break }
            operators.append(next)
        }
        return (commands, operators)
    }

    private mutating func command() throws(ShellScript.NotPlain) -> SimpleCommand {
        var words: [String] = []
        skipSpaces()
        while let word = try word() {
            words.append(word)
            skipSpaces()
        }
        guard let program = words.first else { throw .missingCommand }
        if Self.reservedWords.contains(program) { throw .reservedWord(program) }
        return SimpleCommand(words: words)
    }

    /// The operator at this position. nil at the end of the script.
    private mutating func joint() throws(ShellScript.NotPlain) -> ShellScript.Operator? {
        guard position < bytes.count else { return nil }
        let byte = bytes[position]
        let isDouble = position + 1 < bytes.count && bytes[position + 1] == byte
        switch byte {
        case UInt8(ascii: ";"): position += 1
        case UInt8(ascii: "|"): position += isDouble ? 2 : 1
        // A single `&` runs the command in the background, or is part of a redirection.
        case UInt8(ascii: "&") where isDouble: position += 2
        default: throw .byte(byte, at: position)
        }
        if byte == UInt8(ascii: ";") { return .sequence }
        return byte == UInt8(ascii: "&") ? .and : isDouble ? .or : .pipe
    }

    /// The word at this position. nil at an operator or at the end.
    private mutating func word() throws(ShellScript.NotPlain) -> String? {
        var word: [UInt8] = []
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: "&"):
                return position == start ? nil : String(decoding: word, as: UTF8.self)
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                try quoted(by: byte, into: &word)
            case UInt8(ascii: "\\"):
                guard position + 1 < bytes.count else { throw .unended }
                let escaped = bytes[position + 1]
                guard Self.isPrintable(escaped) else { throw .byte(escaped, at: position + 1) }
                word.append(escaped)
                position += 2
            case UInt8(ascii: "=") where Self.isName(word) || word.last == UInt8(ascii: "+"):
                throw .assignment
            case _ where Self.isPlain(byte):
                word.append(byte)
                position += 1
            default: throw .byte(byte, at: position)
            }
        }
        return position == start ? nil : String(decoding: word, as: UTF8.self)
    }

    private mutating func quoted(by quote: UInt8, into word: inout [UInt8]) throws(ShellScript.NotPlain) {
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            if byte == quote {
                position += 1
                return
            }
            let isSpecial = quote == UInt8(ascii: "\"") && "$`\\!".utf8.contains(byte)
            guard Self.isPrintable(byte), !isSpecial else { throw .byte(byte, at: position) }
            word.append(byte)
            position += 1
        }
        throw .unended
    }

    private mutating func skipSpaces() {
        while position < bytes.count, bytes[position] == UInt8(ascii: " ") { position += 1 }
    }

    private static let plain = Set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:,+@%=".utf8)

    private static func isPlain(_ byte: UInt8) -> Bool { plain.contains(byte) }
    private static func isPrintable(_ byte: UInt8) -> Bool { (0x20...0x7E).contains(byte) }

    /// Could these bytes be a variable name? Quotes are ignored, which only refuses more.
    private static func isName(_ word: [UInt8]) -> Bool {
        guard let first = word.first, !(0x30...0x39).contains(first) else { return word.isEmpty }
        return word.allSatisfy { byte in
            byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
        }
    }

    /// Reserved words of bash, zsh and ksh.
    static let reservedWords: Set<String> = [
        "!", "[[", "]]", "{", "}", "case", "coproc", "do", "done", "elif", "else", "end", "esac", "fi", "for",
        "foreach",
        "function", "if", "in", "nocorrect", "noglob", "repeat", "select", "then", "time", "until", "while",
    ]
}
