/// A `.env` file: `KEY=value` lines, `export` before the key, `#` comments, single and double quotes.
public enum DotEnv {
    /// Skips lines that are not assignments; `onOther` gets their numbers, which count from 1.
    public static func parse(_ text: String, onOther: (Int) -> Void = { _ in }) -> [String: String] {
        var values: [String: String] = [:]
        // Some editors begin a file with a byte order mark.
        let text = text.hasPrefix("\u{FEFF}") ? String(String.UnicodeScalarView(text.unicodeScalars.dropFirst())) : text
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            var rest = line.drop(while: \.isWhitespace)
            guard !rest.isEmpty, !rest.hasPrefix("#") else { continue }
            if rest.hasPrefix("export"), rest.dropFirst("export".count).first?.isWhitespace == true {
                rest = rest.dropFirst("export".count).drop(while: \.isWhitespace)
            }
            let key = rest.prefix { $0 != "=" }.trimmed
            guard let equals = rest.firstIndex(of: "="), !key.isEmpty,
                key.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" })
            else {
                onOther(index + 1)
                continue
            }
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
