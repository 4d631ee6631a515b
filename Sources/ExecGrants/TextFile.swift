/// A text file as a list of lines.
struct TextFile {
    struct Replacement {
        let start: Int
        var count: Int
        var new: [FileUpdate.Line]
    }

    private(set) var lines: [ArraySlice<UInt8>] = []
    /// The end of each line, and of an added line. The last line may have none.
    private var ends: [[UInt8]] = []
    private let newEnd: [UInt8]

    /// nil if the content is not UTF-8.
    init?(_ content: [UInt8]) {
        guard String(validating: content, as: UTF8.self) != nil else { return nil }
        var start = 0
        while let end = content[start...].firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) {
            let isCRLF = content[end] == 0x0D && end + 1 < content.count && content[end + 1] == 0x0A
            lines.append(content[start..<end])
            ends.append(isCRLF ? [0x0D, 0x0A] : [content[end]])
            start = end + (isCRLF ? 2 : 1)
        }
        newEnd = ends.first ?? [0x0A]
        if start < content.count {
            lines.append(content[start...])
            ends.append(newEnd)
        }
    }

    func find(_ pattern: some Collection<FileUpdate.Line>, from index: Int, isAtEnd: Bool = false) -> Int? {
        guard !pattern.isEmpty else { return index }
        let last = lines.count - pattern.count
        let first = isAtEnd ? max(last, index) : index
        guard last >= 0, first <= last else { return nil }
        if let found = (first...last).first(where: { start in
            zip(lines[start...], pattern).allSatisfy { $0.elementsEqual($1) }
        }) {
            return found
        }
        for form in Form.allCases {
            let wanted = pattern.map { form.text($0) }
            let found = (first...last).first { start in
                zip(lines[start...], wanted).allSatisfy { form.text($0).elementsEqual($1) }
            }
            if let found { return found }
        }
        return nil
    }

    /// nil if two replacements overlap.
    func replacing(_ replacements: [Replacement]) -> [UInt8]? {
        var result: [UInt8] = []
        var index = 0
        let inOrder = replacements.enumerated().sorted { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) }
        func copy(to end: Int) {
            for line in index..<end { result += lines[line] + ends[line] }
        }
        for (_, replacement) in inOrder {
            guard replacement.start >= index, replacement.start + replacement.count <= lines.count else { return nil }
            copy(to: replacement.start)
            for line in replacement.new { result += line + newEnd }
            index = replacement.start + replacement.count
        }
        copy(to: lines.count)
        return result
    }

    /// The parts of a line that are compared in a search.
    enum Form: CaseIterable {
        case withoutEnd, trimmed, plain

        func text(_ line: some Collection<UInt8>) -> [Unicode.Scalar] {
            var text = Array(String(decoding: line, as: UTF8.self).unicodeScalars)[...]
            while let last = text.last, last.properties.isWhitespace { text.removeLast() }
            guard self != .withoutEnd else { return Array(text) }
            text = text.drop { $0.properties.isWhitespace }
            return self == .trimmed ? Array(text) : text.map(Self.plain)
        }

        private static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
            switch scalar.value {
            case 0x2010...0x2015, 0x2212: "-"
            case 0x2018...0x201B: "'"
            case 0x201C...0x201F: "\""
            case 0xA0, 0x2002...0x200A, 0x202F, 0x205F, 0x3000: " "
            default: scalar
            }
        }
    }
}
