import CodexProtocolFull
import Foundation
import JSON

/// A session with the pinned codex and a scripted model: one message per line, with the sender first. `make recording`
/// records it; ids, times and paths are replaced, so that the same codex gives the same text.
struct Recording {
    struct Message {
        let isFromServer: Bool
        let json: JSONValue

        var method: String? { json["method"]?.stringValue }
    }

    struct MissingFile: Error {}

    let messages: [Message]

    init() throws {
        guard let url = Bundle.module.url(forResource: "session", withExtension: "txt", subdirectory: "Recordings")
        else {
            throw MissingFile()
        }
        messages = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map { line in
            let parts = line.split(separator: " ", maxSplits: 1)
            return Message(isFromServer: parts[0] == "server", json: try JSONValue(parsing: String(parts[1])))
        }
    }

    /// The result of the first answered request of the method.
    func result(of method: String) -> JSONValue? {
        guard let request = messages.first(where: { $0.method == method }) else { return nil }
        return messages.first {
            $0.isFromServer != request.isFromServer && $0.method == nil && $0.json["id"] == request.json["id"]
                && $0.json["result"] != nil
        }?.json["result"]
    }

    /// The params of the first message of the method.
    func params(of method: String) -> JSONValue? {
        messages.first { $0.method == method }?.json["params"]
    }
}
