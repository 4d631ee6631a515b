/// The text that replaces a secret. Masked text is not masked again.
enum Mark {
    static let start = "[masked:hmac-sha256:"
    /// A mark without a tag, which reveals nothing about the secret.
    static let plain = "[masked]"
    private static let startBytes = Array(start.utf8)
    private static let plainBytes = Array(plain.utf8)
    private static let length = startBytes.count + 17

    static func ends(_ bytes: Bytes) -> Bool {
        bytes.reversed().starts(with: plainBytes.reversed())
            || bytes.count >= length && length(at: bytes.suffix(length)) != nil
    }

    /// Whether the colon belongs to a mark.
    static func hasColon(_ bytes: UnsafeBufferPointer<UInt8>, _ colon: Int) -> Bool {
        guard colon >= 7, bytes[colon - 1] == UInt8(ascii: "d") || bytes[colon - 1] == UInt8(ascii: "6") else {
            return false
        }
        return [7, 19].contains { offset in
            colon >= offset && length(at: Slice(base: bytes, bounds: colon - offset..<bytes.count)) != nil
        }
    }

    static func length(at bytes: Bytes) -> Int? {
        guard bytes.first == startBytes[0] else { return nil }
        if bytes.starts(with: plainBytes) { return plainBytes.count }
        return bytes.count >= length && bytes.starts(with: startBytes)
            && bytes[bytes.startIndex + length - 1] == UInt8(ascii: "]")
            ? length : nil
    }

    /// The tagged marks in a text.
    static func tagged(in bytes: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        var marks: [Range<Int>] = [], position = 0
        while position + length <= bytes.count {
            if bytes[position] == startBytes[0],
                length(at: Slice(base: bytes, bounds: position..<bytes.count)) == length
            {
                marks.append(position..<position + length)
                position += length
            } else {
                position += 1
            }
        }
        return marks
    }
}
