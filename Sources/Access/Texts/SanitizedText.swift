/// Makes untrusted text safe for a message: one short line without terminal control characters.
enum SanitizedText {
    static func of(_ text: String) -> String {
        var sanitized = ""
        for scalar in text.unicodeScalars.prefix(80) {
            if isPrintable(scalar) {
                sanitized.unicodeScalars.append(scalar)
            } else {
                sanitized += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return sanitized
    }

    /// Whether the character is visible or the ordinary space. False for controls, bidi and zero-width characters, line
    /// separators, look-alike spaces and unassigned code points.
    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case .spaceSeparator: scalar == " "
        default: !scalar.properties.isDefaultIgnorableCodePoint
        }
    }
}
