/// Foreign text for a message of ours: one line, short, without anything that a terminal would act on.
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

    /// Leaves a visible mark, or is the ordinary space. Not so: controls, bidi and zero-width characters, line
    /// separators, spaces that look like others, what is not assigned.
    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case .spaceSeparator: scalar == " "
        default: !scalar.properties.isDefaultIgnorableCodePoint
        }
    }
}
