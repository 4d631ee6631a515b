/// A command of a shell script: the program and its arguments, as the program would receive them.
public struct SimpleCommand: Sendable, Hashable {
    /// Never empty. Printable ASCII only, so that equal texts are equal bytes.
    public let words: [String]

    /// As written: `df`, but also `/bin/df` or `./df`.
    public var program: String { words.first ?? "" }
    public var arguments: ArraySlice<String> { words.dropFirst() }
}

/// A script that codex runs with `bash -lc TEXT` and that consists only of lists of words with operators between them.
///
/// Any other script has no value of this type, because its text does not show what it would run. In doubt there is no
/// value: that costs a question, whereas the opposite mistake runs a command that nobody saw.
public struct ShellScript: Sendable, Hashable {
    public enum Operator: String, Sendable, CaseIterable {
        case and = "&&"
        case or = "||"
        case sequence = ";"
        case pipe = "|"
    }

    /// At least one.
    public let commands: [SimpleCommand]
    /// The operators between the commands: one fewer than there are commands.
    public let operators: [Operator]

    /// The maximum script size in bytes: 16 KiB. Longer scripts are not parsed.
    public static let maximumSize = 16_384

    /// Parses a script byte by byte. Swift characters would not work: CR LF is one character, and canonically
    /// equivalent characters are equal.
    public init(parsing text: String) throws(NotPlain) {
        var parser = ShellParser(Array(text.utf8.prefix(Self.maximumSize + 1)))
        (commands, operators) = try parser.script()
    }

    /// Why the effect of a script cannot be determined from its text.
    public enum NotPlain: Error, Sendable, Hashable, CustomStringConvertible {
        /// Longer than ``ShellScript/maximumSize``.
        case tooLong
        /// There is no command, or an operator lacks one.
        case missingCommand
        /// A byte with a special meaning to the shell, a control character, or a byte outside ASCII. The offset is in
        /// bytes.
        case byte(UInt8, at: Int)
        /// An unterminated quote, or a trailing backslash.
        case unended
        /// An assignment, like `A=b`.
        case assignment
        /// `if`, `while`, `time`…: the words after it are not arguments.
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
