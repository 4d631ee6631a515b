/// A set of ASCII bytes, one bit for each: testing a byte is a shift, without a branch.
struct ByteClass: Sendable, Equatable {
    private let low: UInt64
    private let high: UInt64

    @inline(__always)
    private init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    @inline(__always)
    private init(_ first: Unicode.Scalar, to last: Unicode.Scalar) {
        self.init(low: Self.bits(first.value, last.value), high: Self.bits(first.value &- 64, last.value &- 64))
    }

    @inline(__always)
    private init(_ scalar: Unicode.Scalar) { self.init(scalar, to: scalar) }

    /// The bits from `first` to `last` of a 64-bit word; no bits if they are out of its range.
    @inline(__always)
    private static func bits(_ first: UInt32, _ last: UInt32) -> UInt64 {
        first < 64 && last < 64 ? (2 &<< UInt64(last - first) &- 1) &<< UInt64(first) : 0
    }

    @inline(__always)
    static func | (one: ByteClass, other: ByteClass) -> ByteClass {
        ByteClass(low: one.low | other.low, high: one.high | other.high)
    }

    func isSubset(of other: ByteClass) -> Bool { self | other == other }

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        byte < 128 && (byte < 64 ? low : high) &>> UInt64(byte & 63) & 1 != 0
    }
}

extension ByteClass {
    static let any = ByteClass(low: .max, high: .max)
    static let digit = ByteClass("0", to: "9")
    static let upper = ByteClass("A", to: "Z")
    static let lower = ByteClass("a", to: "z")
    /// `_` and `-`.
    static let joint = ByteClass("_") | ByteClass("-")
    /// White space and line ends.
    static let space = ByteClass(" ") | ByteClass("\t") | ByteClass("\r") | ByteClass("\n")
    static let letter = upper | lower
    static let alphanumeric = digit | letter
    static let word = alphanumeric | joint
    static let upperHex = digit | ByteClass("A", to: "F")
    static let lowerHex = digit | ByteClass("a", to: "f")
    static let percent = ByteClass("%")
    /// The characters of both base64 alphabets, with padding.
    static let base64 = word | ByteClass("+") | ByteClass("/") | ByteClass("=")
    /// The characters of `crypt` output, including the names and values of its parameters.
    static let crypt = base64 | ByteClass(".") | ByteClass("$") | ByteClass(",")
    static let colon = ByteClass(":")
    static let plus = ByteClass("+")
    static let dot = ByteClass(".")
    static let opening = ByteClass("(")
    static let backslash = ByteClass("\\")

    static let quote = ByteClass("\"") | ByteClass("'") | ByteClass("`")
    /// Quotes, redirections and the backslash.
    private static let shell = quote | ByteClass("<") | ByteClass(">") | ByteClass("\\")
    static let bracket = ByteClass("(") | ByteClass(")") | ByteClass("[") | ByteClass("]")
    private static let brace = ByteClass("{") | ByteClass("}")
    /// Ends a command.
    static let separator = ByteClass(";") | ByteClass("|") | ByteClass("&")

    /// Before an opening quote.
    static let beforeQuote = colon | opening | ByteClass("=") | ByteClass(",")

    /// Separates the texts of a list, or follows the last one.
    static let betweenTexts = separator | bracket | brace | ByteClass(",") | colon | ByteClass("=")

    /// Ends an unquoted value.
    static let stop = shell | bracket | brace | separator | ByteClass(",")
    /// Has a meaning to a shell, so a backslash may precede it.
    static let escapable =
        ByteClass(" ") | ByteClass("$") | ByteClass("!") | ByteClass("*") | ByteClass("?") | ByteClass("#")
        | ByteClass("~") | ByteClass(",") | ByteClass("<") | ByteClass(">") | separator | bracket | brace
    /// Bytes, besides the start of a word, at which the scanner checks for a secret.
    static let active =
        separator | ByteClass("=") | ByteClass(":") | ByteClass("-") | ByteClass("\n") | ByteClass("$")
        | ByteClass("{") | ByteClass("*") | ByteClass(">") | ByteClass("<")
    /// Ends the part of a URL that holds user and host.
    static let pathStart = shell | ByteClass("/") | ByteClass("?") | ByteClass("#")
}

extension UInt8 {
    @inline(__always)
    func isIn(_ other: ByteClass) -> Bool { other.contains(self) }

    var lowercased: UInt8 { isIn(.upper) ? self | 0x20 : self }
}
