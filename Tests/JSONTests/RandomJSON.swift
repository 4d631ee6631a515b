import JSON
import TestSupport

/// Random values, and random corruption of their text.
struct RandomJSON {
    var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func value(depth: Int = 0) -> JSONValue {
        switch Int.random(in: 0..<(depth < 5 ? 8 : 5), using: &generator) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &generator))
        case 2: return .number(number())
        case 3, 4: return .string(text())
        case 5, 6: return .array((0..<count()).map { _ in value(depth: depth + 1) })
        default: return .object(JSONObject((0..<count()).map { _ in (text(), value(depth: depth + 1)) }))
        }
    }

    private mutating func count() -> Int { Int.random(in: 0...4, using: &generator) }

    private mutating func number() -> JSONNumber {
        if Bool.random(using: &generator) {
            return JSONNumber(
                Int64.random(in: .min ... .max, using: &generator) >> Int64.random(in: 0..<64, using: &generator))
        }
        let double = Double(bitPattern: generator.next())
        return JSONNumber(double.isFinite ? double : 0.5)
    }

    /// Up to eight characters; those that are difficult for writers are frequent.
    private mutating func text() -> String {
        let hard: [Unicode.Scalar] = [
            "\"", "\\", "/", "\u{0}", "\u{1F}", "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{2028}", "\u{FFFD}",
            "\u{FFFF}", "\u{10000}", "\u{10FFFF}", "\u{301}", "\r", "\n",
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...8, using: &generator) {
            let scalar = Unicode.Scalar(UInt32.random(in: 0x20..<0x3000, using: &generator))
            text.append(Bool.random(using: &generator) ? scalar ?? " " : hard.randomElement(using: &generator) ?? " ")
        }
        return String(text)
    }

    /// The bytes with one to three changes: a byte changed, added, removed or repeated.
    mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
        let alphabet = Array("{}[]\",:0123456789.eE+-tfnu\\/ abD\n".utf8) + [0x00, 0x80, 0xC3, 0xA9, 0xFF]
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let index = Int.random(in: 0...bytes.count, using: &generator)
            let byte = alphabet.randomElement(using: &generator) ?? 0
            switch Int.random(in: 0..<4, using: &generator) {
            case 0 where index < bytes.count: bytes[index] = byte
            case 1 where index < bytes.count: bytes.remove(at: index)
            case 2 where index < bytes.count: bytes += bytes[index...]
            default: bytes.insert(byte, at: index)
            }
        }
        return bytes
    }
}
