/// Why something about access could not be done. One line; never shows a secret.
public struct AccessError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable {
        /// What was asked for is not possible: a bad name, an unknown token, a bad address.
        case usage
        /// A file could not be read or written, or does not hold what it must.
        case file
    }

    public let kind: Kind
    public let description: String

    static func usage(_ text: String) -> AccessError { AccessError(kind: .usage, description: text) }
    static func file(_ path: String, _ text: String) -> AccessError {
        AccessError(kind: .file, description: "\(path): \(text)")
    }
}
