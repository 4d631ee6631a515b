import JSON

enum TOML {
    /// A basic string; JSON's escapes are a subset of its.
    static func string(_ text: String) -> String { JSONValue.string(text).description }
}
