/// People read the file before the server does, so invisible characters are refused in it and escaped in messages.
enum Visible {
    /// Whether the character is visible or the ordinary space. False for controls, bidi and zero-width characters, line
    /// separators, look-alike spaces and unassigned code points.
    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x20...0x7E).contains(scalar.value) }
        return switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            false
        default: !scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    /// Shortens the text to one line.
    static func text(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars.prefix(80) {
            if isPrintable(scalar) { shown.unicodeScalars.append(scalar) } else { shown += name(scalar) }
        }
        return shown + (text.unicodeScalars.count > 80 ? "…" : "")
    }

    /// `U+202E`.
    static func name(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
