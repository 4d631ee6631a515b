/// An escape sequence of bash's `$'…'`: `\n`, `\'`, `\x41`, `\101`, `\u0041`.
struct AnsiEscape {
    let end: Int
    /// A question mark for characters outside ASCII, which no rule of the scanner looks for.
    let byte: UInt8

    init(_ text: UnsafeBufferPointer<UInt8>, at backslash: Int, limit: Int) {
        func number(from start: Int, radix: UInt32, digits: Int) -> (end: Int, value: UInt32) {
            var end = start, value: UInt32 = 0
            while end < limit, end - start < digits, let digit = text[end].digitValue, digit < radix {
                value = value &* radix &+ digit
                end += 1
            }
            return (end, value)
        }
        let letter = text[backslash + 1]
        let found: (end: Int, value: UInt32) =
            switch letter {
            case UInt8(ascii: "x"): number(from: backslash + 2, radix: 16, digits: 2)
            case UInt8(ascii: "u"): number(from: backslash + 2, radix: 16, digits: 4)
            case UInt8(ascii: "U"): number(from: backslash + 2, radix: 16, digits: 8)
            case UInt8(ascii: "0")...UInt8(ascii: "7"): number(from: backslash + 1, radix: 8, digits: 3)
            case UInt8(ascii: "n"): (backslash + 2, 0x0A)
            case UInt8(ascii: "r"): (backslash + 2, 0x0D)
            case UInt8(ascii: "t"): (backslash + 2, 0x09)
            default: (backslash + 2, UInt32(letter))
            }
        end = found.end
        byte = found.value > 0 && found.value < 128 ? UInt8(found.value) : UInt8(ascii: "?")
    }
}

extension UInt8 {
    fileprivate var digitValue: UInt32? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(self - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(self - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(self - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
