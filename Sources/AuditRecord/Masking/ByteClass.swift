/// Classes of bytes.
struct ByteClass: OptionSet, Sendable {
    let rawValue: UInt8

    static var digit: ByteClass { ByteClass(rawValue: 1) }
    static var upper: ByteClass { ByteClass(rawValue: 2) }
    static var lower: ByteClass { ByteClass(rawValue: 4) }
    /// `_` and `-`.
    static var joint: ByteClass { ByteClass(rawValue: 8) }
    /// Blanks and line ends.
    static var space: ByteClass { ByteClass(rawValue: 16) }
    /// Ends an unquoted value: quotes, brackets, `,` `;` `|` `&` `<` `>` `\` and backticks.
    static var stop: ByteClass { ByteClass(rawValue: 32) }
    static var alphanumeric: ByteClass { ByteClass(rawValue: 7) }
    static var word: ByteClass { ByteClass(rawValue: 15) }

    /// Begins something that is looked at, beside words: `=` `:` `-` `|` `;` `&` and line ends.
    static var active: ByteClass { ByteClass(rawValue: 128) }
    /// Ends the part of a URL that names user and host.
    static var pathStart: ByteClass { ByteClass(rawValue: 64) }

}

extension ByteClass {
    /// The compiler makes a table of it.
    @inline(__always)
    init(of byte: UInt8) {
        self =
            switch byte {
            case 0x30...0x39: .digit
            case 0x41...0x5A: .upper
            case 0x61...0x7A: .lower
            case 0x5F: .joint
            case 0x2D: [.joint, .active]
            case 0x3D, 0x3A: .active
            case 0x20, 0x09, 0x0D: .space
            case 0x0A: [.space, .active]
            // " ' ` < > \
            case 0x22, 0x27, 0x60, 0x3C, 0x3E, 0x5C: [.stop, .pathStart]
            // ( ) [ ] { } ,
            case 0x28, 0x29, 0x5B, 0x5D, 0x7B, 0x7D, 0x2C: .stop
            // ; | &
            case 0x3B, 0x7C, 0x26: [.stop, .active]
            // / ? #
            case 0x2F, 0x3F, 0x23: .pathStart
            default: []
            }
    }
}

extension UInt8 {
    @inline(__always)
    func isIn(_ other: ByteClass) -> Bool { ByteClass(of: self).rawValue & other.rawValue != 0 }

    var lowercased: UInt8 { isIn(.upper) ? self | 0x20 : self }
}
