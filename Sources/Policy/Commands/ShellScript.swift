/// A command of a shell script: the program and its arguments, as the program would get them.
public struct SimpleCommand: Sendable, Hashable {
    /// Never empty. Printable ASCII only, so that equal texts are equal bytes.
    public let words: [String]

    /// As it was written: `df`, but also `/bin/df` or `./df`.
    public var program: String { words.first ?? "" }
    public var arguments: ArraySlice<String> { words.dropFirst() }
}

/// What codex runs by `bash -lc TEXT`, as far as it is nothing but lists of words with operators between them.
///
/// Every other script has no value of this type, because what it would run cannot be told from its text. When in
/// doubt there is none: that costs a question, the other mistake runs a command that nobody saw.
public struct ShellScript: Sendable, Hashable {
    public enum Operator: String, Sendable, CaseIterable {
        case and = "&&"
        case or = "||"
        case sequence = ";"
        case pipe = "|"
    }

    /// At least one.
    public let commands: [SimpleCommand]
    /// What stands between the commands: one fewer than there are commands.
    public let operators: [Operator]

    /// Scripts of more bytes are not looked at: 16 KiB.
    public static let maximumSize = 16_384

    /// Reads a script, byte by byte. Characters would not do: to Swift CR LF is one, and look-alikes are equal.
    public init(parsing text: String) throws(NotPlain) {
        var parser = ShellParser(Array(text.utf8.prefix(Self.maximumSize + 1)))
        (commands, operators) = try parser.script()
    }

    /// Why a script cannot be told from its text.
    public enum NotPlain: Error, Sendable, Hashable, CustomStringConvertible {
        /// Above ``ShellScript/maximumSize``.
        case tooLong
        /// There is no command, or none where an operator needs one.
        case missingCommand
        /// A byte that means something to the shell, a control character, or one that is not ASCII. Offset in bytes.
        case byte(UInt8, at: Int)
        /// A quote, or a backslash, with nothing to end it.
        case unended
        /// An assignment, like `A=b`.
        case assignment
        /// `if`, `while`, `time`…: the words after it are no arguments.
        case reservedWord(String)

        public var description: String {
            switch self {
            case .tooLong: "the script is longer than \(ShellScript.maximumSize) bytes"
            case .missingCommand: "a command is missing"
            case .byte(let byte, let offset) where (0x21...0x7E).contains(byte):
                "`\(Character(Unicode.Scalar(byte)))` at byte \(offset) is more than a plain word"
            case .byte(let byte, let offset): "byte \(byte) at \(offset) is not a plain character"
            case .unended: "a quote or a backslash is not ended"
            case .assignment: "it holds an assignment"
            case .reservedWord(let word): "`\(word)` is a word of the shell's own grammar"
            }
        }
    }
}
