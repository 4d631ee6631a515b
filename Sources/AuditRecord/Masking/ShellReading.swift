/// A text with one layer of a shell's quoting taken off: `'\''` and `'"'"'` are a quote, `\"` is one too, and a line
/// that ends with a backslash goes on. So what stands in quotes inside of `bash -lc '…'` is seen as quoted.
struct ShellReading {
    let bytes: [UInt8]
    private let runs: [Run]

    /// Bytes that stand together in both texts, or one byte that stands for several.
    private struct Run {
        let start: Int
        let original: Int
        /// Of the original.
        let length: Int
        let isCopy: Bool
    }

    /// So deep shells are called in shells' words.
    static let deepest = 4

    /// Nil when there is no such sequence in it.
    init?(_ text: UnsafeBufferPointer<UInt8>) {
        guard var next = Self.sequence(in: text, from: 0) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var runs: [Run] = [], position = 0
        while true {
            let copied = position..<next.place
            if !copied.isEmpty {
                runs.append(
                    Run(start: bytes.count, original: copied.lowerBound, length: copied.count, isCopy: true))
                bytes.append(contentsOf: text[copied])
            }
            guard next.length > 0 else { break }
            if let byte = next.byte {
                runs.append(Run(start: bytes.count, original: next.place, length: next.length, isCopy: false))
                bytes.append(byte)
            }
            position = next.place + next.length
            next = Self.sequence(in: text, from: position) ?? (text.count, 0, nil)
        }
        (self.bytes, self.runs) = (bytes, runs)
    }

    /// Where they stand in the original; `ranges` are sorted and not empty.
    func original(_ ranges: [Range<Int>]) -> [Range<Int>] {
        var index = 0
        func run(of position: Int) -> Run {
            while index + 1 < runs.count, runs[index + 1].start <= position { index += 1 }
            return runs[index]
        }
        return ranges.map { range in
            let first = run(of: range.lowerBound)
            let start = first.isCopy ? first.original + range.lowerBound - first.start : first.original
            let last = run(of: range.upperBound - 1)
            return start..<(last.isCopy ? last.original + range.upperBound - last.start : last.original + last.length)
        }
    }

    /// The same with the words that are handed to shells as scripts (`-c WORD`, `-lc WORD`) as those shells see them,
    /// whatever parts they are quoted in: `'TOKEN=$'"'X' true"`. Nil when none has more than one part.
    init?(scriptsIn text: UnsafeBufferPointer<UInt8>) {
        var word = ScriptWord(text), start = 0
        while let script = word.next() {
            word.copy(start..<script)
            start = word.read(from: script)
        }
        guard word.isChanged else { return nil }
        word.copy(start..<text.count)
        bytes = word.bytes
        runs = word.pieces.map { Run(start: $0.start, original: $0.original, length: $0.length, isCopy: true) }
    }

    private typealias Sequence = (place: Int, length: Int, byte: UInt8?)

    private static func sequence(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Sequence? {
        var position = start
        while position + 1 < text.count {
            switch text[position] {
            case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""):
                if let found = sequence(at: position, text) { return found }
            default: break
            }
            position += 1
        }
        return nil
    }

    private static func sequence(at place: Int, _ text: UnsafeBufferPointer<UInt8>) -> Sequence? {
        func matches(_ sequence: StaticString) -> Bool {
            let length = sequence.utf8CodeUnitCount
            guard length <= text.count - place else { return false }
            for index in 0..<length where text[place + index] != sequence.utf8Start[index] { return false }
            return true
        }
        switch text[place] {
        case UInt8(ascii: "'"):
            if matches(#"'\''"#) { return (place, 4, UInt8(ascii: "'")) }
            return matches(#"'"'"'"#) ? (place, 5, UInt8(ascii: "'")) : nil
        case UInt8(ascii: "\""): return matches(#""'"'""#) ? (place, 5, UInt8(ascii: "\"")) : nil
        default: break
        }
        switch text[place + 1] {
        case UInt8(ascii: "\n"): return (place, 2, nil)
        case UInt8(ascii: "\r"): return matches("\\\r\n") ? (place, 3, nil) : nil
        case UInt8(ascii: "\""): return (place, 2, UInt8(ascii: "\""))
        // Between two quotes of a deeper layer it is a backslash, and the quote begins the next.
        case UInt8(ascii: "'"): return matches(#"\'\''"#) ? nil : (place, 2, UInt8(ascii: "'"))
        // A line that goes on, in JSON.
        case UInt8(ascii: "\\"): return matches(#"\\\n"#) ? (place, 4, nil) : (place, 2, UInt8(ascii: "\\"))
        default: return nil
        }
    }
}
