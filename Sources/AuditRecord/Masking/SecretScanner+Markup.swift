// XML.
extension SecretScanner {
    /// `<password>X</password>`, `<ns:Password encrypted="false">X</…>`, `<password><![CDATA[X]]></…>`
    func elementContent(at end: Int) -> Range<Int>? {
        guard end > 2, bytes[end - 1].isIn(.letter | .quote), let name = elementName(before: end),
            SecretName(slice(name)).isSecret
        else { return nil }
        if matches("<![CDATA[", at: end + 1) { return characterData(from: end + 10) }
        var close = end + 1
        while close < bytes.count, close - end < 4_096, bytes[close] != UInt8(ascii: "<") { close += 1 }
        let isElement = matches("</", at: close)
        return isElement && !slice(end + 1..<close).allSatisfy { $0.isIn(.space) }
            ? harmlessChecked(end + 1..<close) : nil
    }

    /// The element's name without its namespace.
    private func elementName(before end: Int) -> Range<Int>? {
        var start = end, nameEnd = end
        while start > 0, end - start < 128, bytes[start - 1] != UInt8(ascii: "<") {
            if bytes[start - 1] == UInt8(ascii: ">") { return nil }
            if bytes[start - 1].isIn(.space) { nameEnd = start - 1 }
            start -= 1
        }
        guard start > 0, bytes[start - 1] == UInt8(ascii: "<"),
            bytes[start..<nameEnd].allSatisfy({ $0.isIn(.word | .dot | .colon) })
        else { return nil }
        if let colon = bytes[start..<nameEnd].lastIndex(of: UInt8(ascii: ":")) { start = colon + 1 }
        return start..<nameEnd
    }

    private func characterData(from start: Int) -> Range<Int>? {
        var end = start
        while end < bytes.count, end - start < 4_096, !matches("]]>", at: end) { end += 1 }
        return harmlessChecked(start..<end)
    }
}
