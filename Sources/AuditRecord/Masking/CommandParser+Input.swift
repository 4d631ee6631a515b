// Redirections and here-documents.
extension CommandParser {
    struct HereDocument {
        let delimiter: [UInt8]
        let isQuoted: Bool
        /// `<<-` ignores tabs at the start of a line.
        let ignoresTabs: Bool
        var isScript = false
        /// A program may have changed it before it runs.
        var isFiltered = false
    }

    mutating func redirection() {
        cut(position)
        let sign = text[position]
        var end = position + 1
        if end < limit, text[end] == UInt8(ascii: "(") { return substitution(opening: end) }
        while end < limit, text[end] == sign { end += 1 }
        let count = end - position
        position = end
        if position < limit, "&|".utf8.contains(text[position]) || text[position] == UInt8(ascii: ">") { position += 1 }
        if sign == UInt8(ascii: "<"), count == 2, !line.isArithmetic { return hereDocument() }
        line.isTarget = true
        line.isHereString = sign == UInt8(ascii: "<") && count == 3
    }

    private mutating func hereDocument() {
        let ignoresTabs = position < limit && text[position] == UInt8(ascii: "-")
        if ignoresTabs { position += 1 }
        while position < limit, text[position] == 0x20 || text[position] == 0x09 { position += 1 }
        let start = position
        word()
        cut(position)
        let delimiter = ScriptText(text, CommandWord(range: start..<position)).bytes
        line.documents.append(
            .init(
                delimiter: delimiter, isQuoted: delimiter.count < position - start, ignoresTabs: ignoresTabs))
    }

    /// After a line end: the here-documents that the line announced.
    mutating func hereDocuments() {
        let documents = line.documents
        line.documents = []
        for document in documents {
            let start = position, end = bodyEnd(of: document)
            let next = position
            limit = end.limit
            if !document.isQuoted {
                position = start
                while position < limit { part(isQuoted: true) }
            }
            if document.isScript, document.isFiltered { show(start..<end.limit) }
            if document.isScript, documentDepth < Self.deepestDocument {
                position = start
                documentDepth += 1
                nested { $0.commands(until: nil) }
                documentDepth -= 1
            }
            cut(end.limit)
            (position, limit) = (next, end.outer)
        }
    }

    /// Each level doubles the readings.
    private static let deepestDocument = 4

    /// Moves behind the line that ends the document.
    private mutating func bodyEnd(of document: HereDocument) -> (limit: Int, outer: Int) {
        while position < limit {
            let line = position
            while position < limit, text[position] != 0x0A { position += 1 }
            var start = line
            while document.ignoresTabs, start < position, text[start] == 0x09 { start += 1 }
            let isEnd =
                position - start == document.delimiter.count && text[start..<position].elementsEqual(document.delimiter)
            let end = position
            position = min(limit, position + 1)
            if isEnd { return (line, limit) }
            if end == limit { break }
        }
        return (limit, limit)
    }
}
