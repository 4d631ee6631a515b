import JSON

enum TOML {
    /// A TOML basic string; JSON's escapes are a subset of TOML's.
    static func string(_ text: String) -> String { JSONValue.string(text).description }
}
