import JSON

/// The ranges of a message's top-level members, found in one scan that builds no values. Ranges count bytes from the
/// start of the message.
///
/// Initializing this type checks the whole text against the JSON grammar.
public struct Envelope: Sendable {
    var isObject = false
    var id: Range<Int>?
    var method: Range<Int>?
    /// Whether the method is a string without escapes.
    private var isMethodPlain = false
    var params: Range<Int>?
    var result: Range<Int>?
    var error: Range<Int>?
    /// A duplicate member.
    var duplicate: StaticString?

    /// Throws ``MessageFault/notJSON(_:)``.
    public init(scanning bytes: UnsafeRawBufferPointer) throws(MessageFault) {
        do {
            try scan(bytes)
        } catch {
            throw .notJSON(error)
        }
    }

    /// The name of a notification, if it is written without escapes; nil for all other messages. `bytes` are the bytes
    /// that were scanned.
    public func plainNotification(in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        id == nil ? plainMethod(in: bytes) : nil
    }

    /// A request's name and id, if the name is written without escapes and the id is an integer; nil for all other
    /// messages. `bytes` are the bytes that were scanned.
    public func plainRequest(in bytes: UnsafeRawBufferPointer) -> (method: UnsafeRawBufferPointer, id: RequestID)? {
        guard let id = plainID(in: bytes), let method = plainMethod(in: bytes) else { return nil }
        return (method, id)
    }

    /// The id of a response, if it is an integer; nil for all other messages. `bytes` are the bytes that were scanned.
    public func plainResponse(in bytes: UnsafeRawBufferPointer) -> RequestID? {
        guard method == nil, result != nil || error != nil else { return nil }
        return plainID(in: bytes)
    }

    private func plainID(in bytes: UnsafeRawBufferPointer) -> RequestID? {
        guard let id, duplicate == nil else { return nil }
        return RequestID(integer: UnsafeRawBufferPointer(rebasing: bytes[id]))
    }

    private func plainMethod(in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard let method, isMethodPlain, duplicate == nil, method.count > 2 else { return nil }
        return UnsafeRawBufferPointer(rebasing: bytes[(method.lowerBound + 1)..<(method.upperBound - 1)])
    }

    private mutating func scan(_ bytes: UnsafeRawBufferPointer) throws(JSONError) {
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
                let value = try Value(&scanner)
                try note(key: key, value: value, in: scanner, bytes: bytes)
            } while scanner.take(UInt8(ascii: ","))
            try scanner.expect(UInt8(ascii: "}"))
        }
        try scanner.expectEnd()
    }

    private mutating func note(
        key: JSONScanner.StringToken, value: Value, in scanner: JSONScanner, bytes: UnsafeRawBufferPointer
    ) throws(JSONError) {
        guard key.isEscaped else { return note(UnsafeRawBufferPointer(rebasing: bytes[key.content]), value) }
        // An escaped key could spell "method" in a way that only the agent understands, so it is unescaped too.
        var name = try scanner.unescaped(key)
        name.withUTF8 { note(UnsafeRawBufferPointer($0), value) }
    }

    private mutating func note(_ key: UnsafeRawBufferPointer, _ value: Value) {
        // Lengths and first letters differ, so that each key is compared with at most one name.
        switch (key.count, key.first) {
        case (2, UInt8(ascii: "i")) where key.isEqual(to: "id"):
            if replace(&id, with: value.range) { duplicate = "id" }
        case (5, UInt8(ascii: "e")) where key.isEqual(to: "error"):
            if replace(&error, with: value.range) { duplicate = "error" }
        case (6, UInt8(ascii: "m")) where key.isEqual(to: "method"):
            if replace(&method, with: value.range) { duplicate = "method" }
            isMethodPlain = value.isPlainString
        case (6, UInt8(ascii: "p")) where key.isEqual(to: "params"):
            if replace(&params, with: value.range) { duplicate = "params" }
        case (6, UInt8(ascii: "r")) where key.isEqual(to: "result"):
            if replace(&result, with: value.range) { duplicate = "result" }
        default: break
        }
    }
}

/// A member's value: its range, and whether it is a string without escapes.
private struct Value {
    let range: Range<Int>
    let isPlainString: Bool

    @inline(__always)
    init(_ scanner: inout JSONScanner) throws(JSONError) {
        if scanner.isBefore(UInt8(ascii: "\"")) {
            let token = try scanner.skipString()
            range = (token.content.lowerBound - 1)..<(token.content.upperBound + 1)
            isPlainString = !token.isEscaped
        } else {
            range = try scanner.skipValue(depth: 1)
            isPlainString = false
        }
    }
}

/// Returns whether there was a value before.
private func replace(_ member: inout Range<Int>?, with value: Range<Int>) -> Bool {
    defer { member = value }
    return member != nil
}

extension UnsafeRawBufferPointer {
    /// Whether the bytes equal `text`.
    public func isEqual(to text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        for index in 0..<count where self[index] != text.utf8Start[index] { return false }
        return true
    }
}
