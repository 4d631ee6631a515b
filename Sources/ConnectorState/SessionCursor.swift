import JSON

/// The server's session and the number of its frames received: enough to resume after a lost connection.
struct SessionCursor: Sendable {
    enum Notice: Sendable, Hashable {
        /// The session begins or resumes. `received`: how many of the client's messages the server has.
        case goesOn(received: UInt64)
        case ended
        case gap
        /// Not a session notice, or one that contradicts the known state.
        case unusable
    }

    private(set) var id: String?
    private var count: UInt64 = 0

    /// The query of the next socket's URL.
    var query: String { id.map { "session=\($0)&after=\(count)" } ?? "session=new" }

    mutating func countFrame() { count += 1 }

    /// The first frame of a socket.
    mutating func read(_ text: UnsafeRawBufferPointer) -> Notice {
        guard text.count < 1_000, let message = try? JSONValue(parsing: text), message["method"] == "sre/session",
            let params = message["params"], let session = params["sessionId"]?.stringValue,
            session.utf8.allSatisfy({
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0
            }),
            let next = Self.number(params["next"]), let received = Self.number(params["received"])
        else { return .unusable }
        switch params["resume"]?.stringValue {
        case "new":
            guard id == nil else { return .ended }
            id = session
            return next == 0 ? .goesOn(received: received) : .unusable
        case "ok": return session == id && next == count ? .goesOn(received: received) : .unusable
        case "gap": return .gap
        default: return .unusable
        }
    }

    private static func number(_ value: JSONValue?) -> UInt64? {
        guard case .number(let number)? = value else { return nil }
        return UInt64(number.text)
    }
}
