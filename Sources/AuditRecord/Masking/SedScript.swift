/// A script of the stream editor.
enum SedScript {
    /// Whether it may have GNU's `s/…/…/e` or its command `e`.
    static func mayExecute(_ text: [UInt8]) -> Bool {
        // Only the start of a long word is known.
        if text.isEmpty { return true }
        for place in text.indices where text[place] == UInt8(ascii: "e") {
            var before = place, behind = place + 1
            while before > 0, flags.contains(text[before - 1]) { before -= 1 }
            while behind < text.count, place - behind < 8, flags.contains(text[behind]) { behind += 1 }
            let sign = before > 0 ? text[before - 1] : 0
            let ends = behind == text.count || "; }\n".utf8.contains(text[behind])
            if ends, sign == 0 || !sign.isIn(.alphanumeric) || text.count(where: { $0 == sign }) >= 3 { return true }
        }
        return false
    }

    private static let flags = Array("gpiImMw0123456789$".utf8)
}
