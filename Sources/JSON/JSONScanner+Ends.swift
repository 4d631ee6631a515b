/// Finds the end of each kind of token. Nothing here moves the cursor, so that an offset stays in a register.
extension JSONScanner {
    /// 0, which no token contains, if the text ends before `index`.
    @inline(__always)
    func byte(at index: Int) -> UInt8 { index < count ? bytes[index] : 0 }

    @inline(__always)
    func whitespaceEnd(from start: Int) -> Int {
        var index = start
        // Most bytes tested here are not white space, and are greater than 0x20.
        while index < count, bytes[index] <= 0x20 {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index &+= 1
            default: return index
            }
        }
        return index
    }

    /// The error for the byte at `index`.
    func unexpected(at index: Int) -> JSONError {
        JSONError(index < count ? .unexpectedByte : .unexpectedEnd, at: index)
    }

    /// The end of the object or array that begins at `start`. A loop, with one bit for each open value.
    func containerEnd(at start: Int, depth: Int) throws(JSONError) -> Int {
        var nesting = Nesting()
        var index = start
        while true {
            let first = byte(at: index)
            if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
                guard depth + nesting.depth < Self.maximumDepth else { throw JSONError(.tooDeep, at: index) }
                nesting.open(first)
                index = whitespaceEnd(from: index &+ 1)
                if byte(at: index) != nesting.closing {
                    if nesting.isInObject { index = try memberValue(at: index) }
                    continue
                }
            } else {
                index = whitespaceEnd(from: try scalarEnd(at: index, first))
            }
            while byte(at: index) != UInt8(ascii: ",") {
                guard byte(at: index) == nesting.closing else { throw unexpected(at: index) }
                index &+= 1
                nesting.close()
                if nesting.depth == 0 { return index }
                index = whitespaceEnd(from: index)
            }
            index = whitespaceEnd(from: index &+ 1)
            if nesting.isInObject { index = try memberValue(at: index) }
        }
    }

    /// The start of the value of the member whose name begins at `index`.
    @inline(__always)
    private func memberValue(at index: Int) throws(JSONError) -> Int {
        guard byte(at: index) == UInt8(ascii: "\"") else { throw unexpected(at: index) }
        let colon = whitespaceEnd(from: try stringEnd(from: index &+ 1) &+ 1)
        guard byte(at: colon) == UInt8(ascii: ":") else { throw unexpected(at: colon) }
        return whitespaceEnd(from: colon &+ 1)
    }

    /// The end of the value at `index`, which begins with `first` and is neither object nor array.
    @inline(__always)
    func scalarEnd(at index: Int, _ first: UInt8) throws(JSONError) -> Int {
        switch first {
        case UInt8(ascii: "\""): try stringEnd(from: index &+ 1) &+ 1
        case UInt8(ascii: "t"): try literalEnd(at: index, "true")
        case UInt8(ascii: "f"): try literalEnd(at: index, "false")
        case UInt8(ascii: "n"): try literalEnd(at: index, "null")
        default: try numberEnd(at: index)
        }
    }

    func literalEnd(at start: Int, _ literal: StaticString) throws(JSONError) -> Int {
        let end = start + literal.utf8CodeUnitCount
        guard end <= count else { throw JSONError(.unexpectedEnd, at: count) }
        for index in start..<end where bytes[index] != literal.utf8Start[index - start] {
            throw JSONError(.unexpectedByte, at: index)
        }
        return end
    }

    /// RFC 8259 section 6: no leading zero, no plus sign, no bare dot.
    func numberEnd(at start: Int) throws(JSONError) -> Int {
        var index = start
        if byte(at: index) == UInt8(ascii: "-") { index &+= 1 }
        if byte(at: index) == UInt8(ascii: "0") {
            index &+= 1
            if isDigit(byte(at: index)) { throw JSONError(.badNumber, at: index) }
        } else {
            index = try digitsEnd(from: index)
        }
        if byte(at: index) == UInt8(ascii: ".") { index = try digitsEnd(from: index &+ 1) }
        if byte(at: index) | 0x20 == UInt8(ascii: "e") {
            index &+= 1
            if byte(at: index) == UInt8(ascii: "+") || byte(at: index) == UInt8(ascii: "-") { index &+= 1 }
            index = try digitsEnd(from: index)
        }
        return index
    }

    @inline(__always)
    private func digitsEnd(from start: Int) throws(JSONError) -> Int {
        var index = start
        while isDigit(byte(at: index)) { index &+= 1 }
        guard index > start else { throw unexpected(at: index) }
        return index
    }
}

/// The open objects and arrays around a position, one bit each.
private struct Nesting {
    /// The innermost is the lowest bit; 1 means object.
    private var bits: (low: UInt64, high: UInt64) = (0, 0)
    private(set) var depth = 0

    @inline(__always)
    var isInObject: Bool { bits.low & 1 != 0 }
    @inline(__always)
    var closing: UInt8 { isInObject ? UInt8(ascii: "}") : UInt8(ascii: "]") }

    @inline(__always)
    mutating func open(_ byte: UInt8) {
        bits.high = bits.high << 1 | bits.low >> 63
        bits.low = bits.low << 1 | (byte == UInt8(ascii: "{") ? 1 : 0)
        depth &+= 1
    }

    @inline(__always)
    mutating func close() {
        bits.low = bits.low >> 1 | bits.high << 63
        bits.high >>= 1
        depth &-= 1
    }
}

@inline(__always)
func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
