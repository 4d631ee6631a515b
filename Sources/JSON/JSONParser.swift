extension JSONValue {
    /// Parses exactly one JSON text. Throws ``JSONError`` for invalid JSON, invalid UTF-8, nesting deeper than
    /// ``JSONScanner/maximumDepth``, and a duplicate member: two parsers may take different ones, and the policy must
    /// not read a different message than the agent does.
    public init(parsing bytes: UnsafeRawBufferPointer) throws(JSONError) {
        var parser = JSONParser(scanner: JSONScanner(bytes))
        self = try parser.parseValue(depth: 0)
        try parser.scanner.expectEnd()
    }

    public init(parsing bytes: [UInt8]) throws(JSONError) {
        let result = bytes.withUnsafeBytes { pointer in
            Result { () throws(JSONError) in try JSONValue(parsing: pointer) }
        }
        self = try result.get()
    }

    public init(parsing text: String) throws(JSONError) {
        try self.init(parsing: Array(text.utf8))
    }
}

struct JSONParser {
    var scanner: JSONScanner

    mutating func parseValue(depth: Int) throws(JSONError) -> JSONValue {
        scanner.skipWhitespace()
        switch try scanner.peek() {
        case UInt8(ascii: "\""):
            return .string(try scanner.unescaped(try scanner.skipString()))
        case UInt8(ascii: "{"):
            return .object(try parseObject(depth: depth))
        case UInt8(ascii: "["):
            return .array(try parseArray(depth: depth))
        case UInt8(ascii: "t"):
            try scanner.skipLiteral("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try scanner.skipLiteral("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try scanner.skipLiteral("null")
            return .null
        default:
            let start = scanner.offset
            try scanner.skipNumber()
            return .number(JSONNumber(validated: scanner.text(start..<scanner.offset)))
        }
    }

    private mutating func parseObject(depth: Int) throws(JSONError) -> JSONObject {
        guard depth < JSONScanner.maximumDepth else { throw JSONError(.tooDeep, at: scanner.offset) }
        try scanner.expect(UInt8(ascii: "{"))
        if scanner.take(UInt8(ascii: "}")) { return JSONObject() }
        var members: [(key: String, value: JSONValue)] = []
        var keys: Set<[UInt8]> = []
        repeat {
            scanner.skipWhitespace()
            let offset = scanner.offset
            let key = try scanner.unescaped(try scanner.skipString())
            guard keys.insert(Array(key.utf8)).inserted else { throw JSONError(.duplicateKey, at: offset) }
            try scanner.expect(UInt8(ascii: ":"))
            members.append((key, try parseValue(depth: depth + 1)))
        } while scanner.take(UInt8(ascii: ","))
        try scanner.expect(UInt8(ascii: "}"))
        return JSONObject(unique: members)
    }

    private mutating func parseArray(depth: Int) throws(JSONError) -> [JSONValue] {
        guard depth < JSONScanner.maximumDepth else { throw JSONError(.tooDeep, at: scanner.offset) }
        try scanner.expect(UInt8(ascii: "["))
        if scanner.take(UInt8(ascii: "]")) { return [] }
        var elements: [JSONValue] = []
        repeat {
            elements.append(try parseValue(depth: depth + 1))
        } while scanner.take(UInt8(ascii: ","))
        try scanner.expect(UInt8(ascii: "]"))
        return elements
    }
}
