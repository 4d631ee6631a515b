public import JSON

/// JSON that does not match the type it was read as.
///
/// It contains only the kinds of values, never the values: errors are logged, and messages contain secrets.
public struct ProtocolError: Error, Hashable, CustomStringConvertible {
    /// From the outermost value to the offending one: `thread.turns[3].id`. Empty for the outermost value itself.
    public private(set) var path: String
    public let expected: String
    public let found: String

    public init(expected: String, found json: JSONValue?) {
        path = ""
        self.expected = expected
        found = json.map(Self.kind) ?? "nothing"
    }

    public var description: String { "\(path.isEmpty ? "value" : path): expected \(expected), found \(found)" }

    /// The same error with the member added to its path.
    func inside(member key: String) -> ProtocolError {
        prefixed(by: key, separator: path.isEmpty || path.hasPrefix("[") ? "" : ".")
    }

    func inside(element index: Int) -> ProtocolError {
        prefixed(by: "[\(index)]", separator: path.isEmpty || path.hasPrefix("[") ? "" : ".")
    }

    private func prefixed(by prefix: String, separator: String) -> ProtocolError {
        var error = self
        error.path = prefix + separator + path
        return error
    }

    private static func kind(of json: JSONValue) -> String {
        switch json {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
