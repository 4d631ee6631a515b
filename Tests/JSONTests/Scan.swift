@testable import JSON

/// The results of parser and scanner for the same bytes.
enum Scan {
    static func error(_ bytes: [UInt8]) -> JSONError? {
        bytes.withUnsafeBytes { pointer -> JSONError? in
            do throws(JSONError) {
                var scanner = JSONScanner(pointer)
                try scanner.skipValue()
                try scanner.expectEnd()
                return nil
            } catch {
                return error
            }
        }
    }

    static func parserError(_ bytes: [UInt8]) -> JSONError? {
        do throws(JSONError) {
            _ = try JSONValue(parsing: bytes)
            return nil
        } catch {
            return error
        }
    }
}
