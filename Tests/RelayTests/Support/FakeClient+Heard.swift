import JSON

extension FakeClient {
    /// The methods of notifications and requests, and the ids of answers.
    var heard: [String] { lines.map(Self.summary) }

    func takeHeard() -> [String] { takeLines().map(Self.summary) }

    private static func summary(_ line: String) -> String {
        guard let json = try? JSONValue(parsing: line) else { return "not JSON: \(line)" }
        if let method = json["method"]?.stringValue {
            return [method, json["params"]?["state"]?.stringValue].compactMap(\.self).joined(separator: " ")
        }
        return "\(json["error"] == nil ? "result" : "error") \(json["id"] ?? .null)"
    }

    /// The id in the `sre/session` notification that began this socket.
    var sessionID: String? {
        lines.first.flatMap { try? JSONValue(parsing: $0) }?["params"]?["sessionId"]?.stringValue
    }
}
