/// A run of word bytes, scanned once: a secret that starts inside it need not walk to its end again.
struct WordSpan {
    /// The end of the run, and of the next run if a dot joins them (the second part of a JWT).
    let end: Int
    let secondEnd: Int?
    private var lastDigit = -1
    private var lastUpper = -1
    private var lastLower = -1

    /// An empty span before the first run.
    init() {
        end = 0
        secondEnd = nil
    }

    init(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, allowsDots: Bool) {
        var end = start
        while end < bytes.count, bytes[end].isIn(.word) || allowsDots && bytes[end] == UInt8(ascii: ".") {
            if bytes[end].isIn(.digit) { lastDigit = end }
            if bytes[end].isIn(.upper) { lastUpper = end }
            if bytes[end].isIn(.lower) { lastLower = end }
            end += 1
        }
        self.end = end
        guard !allowsDots, end < bytes.count, bytes[end] == UInt8(ascii: ".") else {
            secondEnd = nil
            return
        }
        var second = end + 1
        while second < bytes.count, bytes[second].isIn(.word) { second += 1 }
        secondEnd = second
    }

    /// From `start` to its end it contains a digit, or both upper and lower case: unlikely to be a name made of words.
    func looksRandom(from start: Int) -> Bool {
        lastDigit >= start || lastUpper >= start && lastLower >= start
    }
}
