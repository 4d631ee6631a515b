/// The file is read by people before it is read by us: what they cannot see has no place in it, and none in messages.
enum Visible {
    /// Leaves a visible mark, or is the ordinary space. Not so: controls, bidi and zero-width characters, line
    /// separators, spaces that look like others, what is not assigned.
    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x20...0x7E).contains(scalar.value) }
        return switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            false
        default: !scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    /// One short line.
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
