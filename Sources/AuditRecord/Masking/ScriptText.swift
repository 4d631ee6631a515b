/// A word of a command.
struct CommandWord {
    let range: Range<Int>
    /// The command substitutions in it, outside single quotes.
    var substitutions: [Range<Int>] = []
}

/// The text of a word as the shell passes it on: without quotes, escapes and command substitutions.
struct ScriptText {
    private(set) var bytes: [UInt8] = []
    /// Where each byte is in the original, and where the word ends.
    private(set) var origins: [Int] = []

    init(_ text: UnsafeBufferPointer<UInt8>, _ word: CommandWord) {
        var position = word.range.lowerBound, left = word.substitutions[...], isDouble = false
        let end = word.range.upperBound
        func copy(to close: Int, _ script: inout ScriptText) {
            script.bytes += text[position..<close]
            script.origins += position..<close
            position = close
        }
        while position < end {
            if let next = left.first, next.lowerBound <= position {
                left.removeFirst()
                position = max(position, next.upperBound)
                continue
            }
            let next = position + 1 < end ? text[position + 1] : 0
            switch text[position] {
            case UInt8(ascii: "\\") where ShellWord.continuation(text, at: position) > 0:
                position += ShellWord.continuation(text, at: position)
            case UInt8(ascii: "\\") where position + 1 < end && (!isDouble || "\"\\$`".utf8.contains(next)):
                position += 1
                copy(to: position + 1, &self)
            case UInt8(ascii: "\""):
                isDouble.toggle()
                position += 1
            case UInt8(ascii: "'") where !isDouble:
                position += 1
                copy(to: text[position..<end].firstIndex(of: UInt8(ascii: "'")) ?? end, &self)
                position += 1
            case UInt8(ascii: "$") where !isDouble && next == UInt8(ascii: "'"):
                position = ansi(text, from: position + 2, to: end)
            case UInt8(ascii: "$") where !isDouble && next == UInt8(ascii: "\""): position += 1
            default: copy(to: position + 1, &self)
            }
        }
        origins.append(end)
    }

    mutating func dropFirst(_ count: Int) {
        let count = min(count, bytes.count)
        bytes.removeFirst(count)
        origins.removeFirst(count)
    }

    /// Replaces `\n`, `\r` and `\t` by line ends.
    mutating func replaceEscapes() {
        guard bytes.contains(UInt8(ascii: "\\")) else { return }
        var kept: [UInt8] = [], places: [Int] = [], at = 0
        while at < bytes.count {
            let isEscape = bytes[at] == UInt8(ascii: "\\") && at + 1 < bytes.count && "nrt".utf8.contains(bytes[at + 1])
            kept.append(isEscape ? 0x0A : bytes[at])
            places.append(origins[at])
            at += isEscape ? 2 : 1
        }
        (bytes, origins) = (kept, places + [origins[bytes.count]])
    }

    /// Appends the text inside bash's `$'…'`, and returns the position after it.
    private mutating func ansi(_ text: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> Int {
        var position = start
        while position < end, text[position] != UInt8(ascii: "'") {
            origins.append(position)
            if text[position] == UInt8(ascii: "\\"), position + 1 < end {
                let escape = AnsiEscape(text, at: position, limit: end)
                bytes.append(escape.byte)
                position = escape.end
            } else {
                bytes.append(text[position])
                position += 1
            }
        }
        return position + 1
    }
}
