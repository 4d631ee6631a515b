/// An access operation that failed. One line; never shows a secret.
public struct AccessError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable {
        /// The request is invalid: a bad name, an unknown token, a bad address.
        case usage
        /// A file could not be read or written, or its content is invalid.
        case file
    }

    public let kind: Kind
    public let description: String

    static func usage(_ text: String) -> AccessError { AccessError(kind: .usage, description: text) }
    static func file(_ path: String, _ text: String) -> AccessError {
        AccessError(kind: .file, description: "\(path): \(text)")
    }
}
