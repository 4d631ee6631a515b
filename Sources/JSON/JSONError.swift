/// The reason that bytes are not JSON. `offset` counts bytes from the start of the text.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Reason: String, Sendable {
        case unexpectedEnd = "the text ends too early"
        case unexpectedByte = "unexpected character"
        case trailingBytes = "something follows the value"
        case badNumber = "not a number"
        case badString = "a control character in a string"
        case badEscape = "not a valid escape"
        case badUTF8 = "not valid UTF-8"
        case duplicateKey = "a member appears twice"
        case tooDeep = "nested too deeply"
    }

    public let reason: Reason
    public let offset: Int

    public init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    public var description: String { "\(reason.rawValue) at byte \(offset)" }
}
