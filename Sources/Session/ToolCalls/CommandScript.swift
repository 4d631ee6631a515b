import JSON

/// Reads the literal commands of a code mode script (JavaScript): `tools.exec_command({…})` with an object literal of
/// plain names and JSON values. Anything that could do more than it shows is not read.
enum CommandScript {
    /// The arguments of a script's commands. nil if the script does more than can be parsed.
    static func calls(in script: String) -> [JSONObject]? {
        var calls: [JSONObject] = []
        var rest = Substring(script)[...]
        var remainder = ""
        while let call = rest.utf8.firstRange(of: Self.call.utf8) {
            // A value takes the call's place in the remainder, so that the surrounding text parses as before.
            remainder += "\(rest[..<call.lowerBound])0"
            let behind = rest[call.upperBound...]
            guard let (call, length) = argument(Array(behind.utf8)) else { return nil }
            calls.append(call)
            guard let end = behind.utf8.index(behind.startIndex, offsetBy: length, limitedBy: behind.endIndex) else {
                return nil
            }
            rest = behind[end...]
        }
        remainder += rest
        return !calls.isEmpty && HarmlessScript.accepts(remainder) ? calls : nil
    }

    private static let call = "tools.exec_command("

    /// Parses an object literal and the parenthesis after it; returns it with its length in bytes.
    private static func argument(_ bytes: [UInt8]) -> (JSONObject, length: Int)? {
        bytes.withUnsafeBytes { pointer in
            var scanner = JSONScanner(pointer)
            var arguments: JSONObject = [:]
            guard scanner.take(UInt8(ascii: "{")) else { return nil }
            while !scanner.take(UInt8(ascii: "}")) {
                guard let name = name(&scanner, pointer), arguments[name] == nil, scanner.take(UInt8(ascii: ":")),
                    let range = try? scanner.skipValue(),
                    let value = try? JSONValue(parsing: UnsafeRawBufferPointer(rebasing: pointer[range]))
                else { return nil }
                arguments[name] = value
                guard scanner.take(UInt8(ascii: ",")) || scanner.isBefore(UInt8(ascii: "}")) else { return nil }
            }
            guard scanner.take(UInt8(ascii: ")")) else { return nil }
            return (arguments, scanner.offset)
        }
    }

    /// A member's name: an identifier of ASCII letters and `_`, or a string without escapes.
    private static func name(_ scanner: inout JSONScanner, _ bytes: UnsafeRawBufferPointer) -> String? {
        scanner.skipWhitespace()
        if scanner.isBefore(UInt8(ascii: "\"")) {
            guard let token = try? scanner.skipString(), !token.isEscaped else { return nil }
            return try? scanner.unescaped(token)
        }
        return scanner.takeIdentifier()
    }
}
