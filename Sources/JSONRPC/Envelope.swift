import JSON

/// The top-level members of a message as they stand in its text.
struct Envelope {
    var isObject = false
    var id: JSONValue?
    var method: JSONValue?
    var params: Range<Int>?
    var result: Range<Int>?
    var error: Range<Int>?
    var duplicate: String?

    mutating func scan(_ bytes: UnsafeRawBufferPointer) throws(JSONError) {
        var scanner = JSONScanner(bytes)
        guard scanner.take(UInt8(ascii: "{")) else {
            try scanner.skipValue()
            try scanner.expectEnd()
            return
        }
        isObject = true
        if !scanner.take(UInt8(ascii: "}")) {
            repeat {
                scanner.skipWhitespace()
                let key = try scanner.skipString()
                try scanner.expect(UInt8(ascii: ":"))
                let value = try scanner.skipValue(depth: 1)
                try note(key: key, value: value, in: scanner, bytes: bytes)
            } while scanner.take(UInt8(ascii: ","))
            try scanner.expect(UInt8(ascii: "}"))
        }
        try scanner.expectEnd()
    }

    private mutating func note(
        key: JSONScanner.StringToken, value: Range<Int>, in scanner: JSONScanner, bytes: UnsafeRawBufferPointer
    ) throws(JSONError) {
        // An escaped key could spell "method" in a way that only the agent understands, so it is unescaped too.
        // A plain one is compared by its bytes, which costs no string.
        let name: EnvelopeMember?
        if key.isEscaped {
            name = EnvelopeMember(rawValue: try scanner.unescaped(key))
        } else {
            name = EnvelopeMember(bytes: UnsafeRawBufferPointer(rebasing: bytes[key.content]))
        }
        guard let name else { return }
        let slice = UnsafeRawBufferPointer(rebasing: bytes[value])
        let isRepeated: Bool
        switch name {
        case .id: isRepeated = replace(&id, with: try JSONValue(parsing: slice))
        case .method: isRepeated = replace(&method, with: try JSONValue(parsing: slice))
        case .params: isRepeated = replace(&params, with: value)
        case .result: isRepeated = replace(&result, with: value)
        case .error: isRepeated = replace(&error, with: value)
        }
        if isRepeated { duplicate = name.rawValue }
    }
}

/// Says whether there was a value before.
private func replace<Value>(_ member: inout Value?, with value: Value) -> Bool {
    defer { member = value }
    return member != nil
}

private enum EnvelopeMember: String, CaseIterable {
    case id, method, params, result, error

    init?(bytes: UnsafeRawBufferPointer) {
        guard bytes.count <= 6, let match = Self.allCases.first(where: { $0.rawValue.utf8.elementsEqual(bytes) })
        else { return nil }
        self = match
    }
}
