/// A text with one layer of shell quoting removed: `'\''` and `'"'"'` become a quote, `\"` becomes a double quote, and
/// a line that ends with a backslash is joined with the next. So quoted text inside `bash -lc '…'` is recognised as
/// quoted.
struct ShellReading {
    let bytes: [UInt8]
    private let runs: [Run]

    /// Bytes that are contiguous in both texts, or one byte that replaces several.
    struct Run {
        let start: Int
        let original: Int
        /// The length in the original.
        let length: Int
        let isCopy: Bool
    }

    /// The maximum nesting depth of shells called by shells.
    static let deepest = 4

    /// nil if the text has no such sequence.
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

    /// Maps ranges back to the original; `ranges` are sorted and not empty.
    ///
    /// A quote before or after a range is included if the range contains its counterpart.
    func original(_ ranges: [Range<Int>], in text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        var index = 0
        func run(of position: Int) -> Run {
            while index + 1 < runs.count, runs[index + 1].start <= position { index += 1 }
            return runs[index]
        }
        var end = 0
        return ranges.compactMap { range in
            let first = run(of: range.lowerBound)
            let start = first.isCopy ? first.original + range.lowerBound - first.start : first.original
            let last = run(of: range.upperBound - 1)
            var found =
                start..<(last.isCopy ? last.original + range.upperBound - last.start : last.original + last.length)
            if found.lowerBound > end, Self.isOdd(text[found.lowerBound - 1], in: text[found]) {
                found = found.lowerBound - 1..<found.upperBound
            }
            if found.upperBound < text.count, Self.isOdd(text[found.upperBound], in: text[found]) {
                found = found.lowerBound..<found.upperBound + 1
            }
            end = max(end, found.upperBound)
            return found.isEmpty ? nil : found
        }
    }

    /// The first byte that comes from `place` in the original, or from after it.
    func position(of place: Int) -> Int {
        let index = CommandLayout.first(of: runs.count) { runs[$0].original + runs[$0].length > place }
        guard index < runs.count else { return bytes.count }
        let run = runs[index]
        if place <= run.original { return run.start }
        return run.isCopy ? run.start + place - run.original : run.start + 1
    }

    private static func isOdd(_ quote: UInt8, in part: Bytes) -> Bool {
        guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return false }
        return !part.lazy.filter { $0 == quote }.count.isMultiple(of: 2)
    }

    /// The text with the words of its commands as the shell makes them. nil if no word changes.
    init?(wordsOf text: UnsafeBufferPointer<UInt8>) {
        guard let words = ShellWords(text) else { return nil }
        (bytes, runs) = (words.bytes, words.runs)
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
        // Between two quotes of a deeper layer this is a literal backslash, and the quote starts the next sequence.
        case UInt8(ascii: "'"): return matches(#"\'\''"#) ? nil : (place, 2, UInt8(ascii: "'"))
        // A line continuation in JSON.
        case UInt8(ascii: "\\"): return matches(#"\\\n"#) ? (place, 4, nil) : (place, 2, UInt8(ascii: "\\"))
        default: return nil
        }
    }
}
