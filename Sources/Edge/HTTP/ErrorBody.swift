import JSON

/// The body of every refusal over HTTP: `{"error": "a sentence"}`.
enum ErrorBody {
    static func json(_ message: String) -> [UInt8] {
        JSONValue.object(["error": .string(message)]).serialized()
    }
}
