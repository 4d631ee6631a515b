/// Remembers what lies ahead, so that all searches of a scan together take linear time: a search that starts inside an
/// earlier one has the same result.
final class LookAhead {
    /// What was searched for is not between the start and the end of its last search; it is at the end, or nowhere if
    /// the end is `Int.max`.
    private typealias Search = (start: Int, end: Int)

    private var quotes: [Search] = []
    private var line: Search = (0, 0)
    private var lastLineOfKey: Search = (0, 0)
    private var colon: Search = (0, 0)
    private static let depths = 4

    /// The position of the quote that ends the text behind `open`, which `depth` backslashes precede; `Int.max` if it is
    /// not closed.
    func quoteEnd(_ bytes: UnsafeBufferPointer<UInt8>, behind open: Int, depth: Int) -> Int {
        guard depth < Self.depths else {
            return Self.search(bytes, behind: open, depth: depth, limit: lineEnd(bytes, from: open)) ?? .max
        }
        if quotes.isEmpty { quotes = Array(repeating: (0, 0), count: Self.depths * 2) }
        let index = bytes[open] == UInt8(ascii: "'") ? depth : depth + Self.depths
        return Self.find(from: open, &quotes[index]) {
            Self.search(bytes, behind: open, depth: depth, limit: bytes.count)
        }
    }

    /// The position of the next line end, or the end of the text.
    func lineEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        Self.find(from: start, &line) { bytes[start...].firstIndex(of: 0x0A) ?? bytes.count }
    }

    /// The position of the next colon; `Int.max` if there is none.
    func colon(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        Self.find(from: start, &colon) { bytes[start...].firstIndex(of: UInt8(ascii: ":")) }
    }

    /// The position of the next `-----END `; `Int.max` if there is none.
    func lastLineOfKey(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        Self.find(from: start, &lastLineOfKey) {
            bytes[start...].indices.first { bytes[$0] == UInt8(ascii: "-") && bytes[$0...].starts(with: Self.end) }
        }
    }

    private static let end = Array("-----END ".utf8)

    private static func find(from start: Int, _ last: inout Search, _ search: () -> Int?) -> Int {
        if last.start <= start, start < last.end { return last.end }
        last = (start, search() ?? .max)
        return last.end
    }

    /// JSON inside JSON: both quotes have the same number of backslashes.
    private static func search(
        _ bytes: UnsafeBufferPointer<UInt8>, behind open: Int, depth: Int, limit: Int
    ) -> Int? {
        let quote = bytes[open]
        var end = open + 1, backslashes = 0
        while end < limit {
            let byte = bytes[end]
            if byte == quote, backslashes <= depth || depth == 0 && backslashes.isMultiple(of: 2) { return end }
            backslashes = byte == UInt8(ascii: "\\") ? backslashes + 1 : 0
            end += 1
        }
        return nil
    }
}
