extension JSONScanner {
    /// The bytes as text, for ranges of ASCII only, such as numbers.
    public func text(_ range: Range<Int>) -> String {
        String(decoding: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self)
    }

    /// The string with its escapes decoded. ``skipString()`` has checked them.
    public func unescaped(_ token: StringToken) throws(JSONError) -> String {
        let content = UnsafeRawBufferPointer(rebasing: bytes[token.content])
        if !token.isEscaped {
            guard let text = String(validating: content, as: UTF8.self) else {
                throw JSONError(.badUTF8, at: token.content.lowerBound)
            }
            return text
        }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(content.count)
        var index = 0
        while index < content.count {
            guard content[index] == UInt8(ascii: "\\") else {
                decoded.append(content[index])
                index += 1
                continue
            }
            switch content[index + 1] {
            case UInt8(ascii: "b"): decoded.append(0x08)
            case UInt8(ascii: "f"): decoded.append(0x0C)
            case UInt8(ascii: "n"): decoded.append(0x0A)
            case UInt8(ascii: "r"): decoded.append(0x0D)
            case UInt8(ascii: "t"): decoded.append(0x09)
            case UInt8(ascii: "u"):
                let (scalar, length) = Self.scalar(in: content, at: index)
                decoded.append(contentsOf: String(Character(scalar)).utf8)
                index += length
                continue
            case let byte: decoded.append(byte)
            }
            index += 2
        }
        guard let text = String(validating: decoded, as: UTF8.self) else {
            throw JSONError(.badUTF8, at: token.content.lowerBound)
        }
        return text
    }

    /// The scalar of the `\uXXXX` (or surrogate pair) at `index`, and its length in bytes.
    private static func scalar(in content: UnsafeRawBufferPointer, at index: Int) -> (Unicode.Scalar, Int) {
        func unit(_ start: Int) -> UInt32? {
            guard start + 6 <= content.count, content[start] == UInt8(ascii: "\\"),
                content[start + 1] == UInt8(ascii: "u")
            else { return nil }
            return content[(start + 2)..<(start + 6)].reduce(0) { $0 << 4 | (hexDigit($1) ?? 0) }
        }
        let high = unit(index) ?? 0xFFFD
        if (0xD800..<0xDC00).contains(high), let low = unit(index + 6), (0xDC00..<0xE000).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        {
            return (scalar, 12)
        }
        return (Unicode.Scalar(high) ?? "\u{FFFD}", 6)
    }
}
