/// A `.env` file: `KEY=value` lines, `export` before the key, `#` comments, single and double quotes.
public enum DotEnv {
    /// Skips lines that are not assignments.
    public static func parse(_ text: String) -> [String: String] {
        var values: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            var rest = line.drop(while: \.isWhitespace)
            if rest.hasPrefix("export ") { rest = rest.dropFirst("export ".count).drop(while: \.isWhitespace) }
            guard !rest.hasPrefix("#"), let equals = rest.firstIndex(of: "=") else { continue }
            let key = rest[..<equals].trimmed
            guard !key.isEmpty, key.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else { continue }
            values[String(key)] = value(rest[rest.index(after: equals)...].trimmed)
        }
        return values
    }

    private static func value(_ text: Substring) -> String {
        guard let quote = text.first, quote == "'" || quote == "\"" else {
            // A comment begins at a # after white space. A # inside a value is part of the value.
            var end = text.startIndex
            var wasSpace = true
            while end < text.endIndex, !(text[end] == "#" && wasSpace) {
                wasSpace = text[end].isWhitespace
                end = text.index(after: end)
            }
            return String(text[..<end].trimmed)
        }
        var result = ""
        var rest = text.dropFirst()
        while let character = rest.popFirst(), character != quote {
            if character == "\\", quote == "\"", let escaped = rest.popFirst() {
                switch escaped {
                case "n": result += "\n"
                case "t": result += "\t"
                case "\"", "\\", "$": result.append(escaped)
                default: result += "\\\(escaped)"
                }
            } else {
                result.append(character)
            }
        }
        return result
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return text
    }
}
