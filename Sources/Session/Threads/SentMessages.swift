public import JSON
import Policy

/// The author of a message, as clients and the record get it.
public struct Author: Sendable, Hashable {
    let principal: Principal

    public var json: JSONValue {
        [
            "id": .string(principal.id), "name": .string(principal.name), "role": .string(principal.role.rawValue),
        ]
    }
}

/// What identifies a person's message when the agent reports it as an item.
public struct UserMessage: Sendable, Hashable {
    /// The client's own id of the message (`clientUserMessageId`); the agent repeats it.
    public let clientID: String?
    /// A hash of the texts, and of what else the message names; a message may be large.
    private let content: Int

    /// Reads the params of a call that sends a message; nil if they have no input.
    public init?(params: JSONObject) {
        guard let input = params["input"]?.arrayValue else { return nil }
        self.init(clientID: params["clientUserMessageId"]?.stringValue, content: input)
    }

    /// Reads an item; nil if it is no message of a person.
    public init?(item: JSONValue) {
        guard item["type"] == "userMessage", let content = item["content"]?.arrayValue else { return nil }
        self.init(clientID: item["clientId"]?.stringValue, content: content)
    }

    /// The members by which parts of a message differ. codex repeats them as they were sent.
    private static let compared = ["type", "text", "url", "path", "name"]

    private init(clientID: String?, content: [JSONValue]) {
        self.clientID = clientID
        var hasher = Hasher()
        for part in content {
            for name in Self.compared { hasher.combine(part[name]?.stringValue) }
        }
        self.content = hasher.finalize()
    }
}

/// Who sent a thread's messages: compares the messages that the agent reports with those that clients have sent.
struct SentMessages: Sendable {
    /// How many messages may wait to be reported, and how many reported ones are remembered, per thread.
    static let limit = 64

    private struct Sent: Sendable {
        let message: UserMessage
        let author: Author
    }

    /// Sent and not yet reported, oldest first.
    private var sent: [Sent] = []
    /// By item id. In shared mode every subscriber's connection reports an item.
    private var reported: [String: Author] = [:]
    private var order = RecentSet<String>(limit: limit)

    mutating func sent(_ message: UserMessage, by principal: Principal) {
        sent.append(Sent(message: message, author: Author(principal: principal)))
        if sent.count > Self.limit { sent.removeFirst() }
    }

    /// The agent has not taken the message.
    mutating func refused(_ message: UserMessage, by principal: Principal) {
        let index = sent.lastIndex { $0.message == message && $0.author.principal == principal }
        if let index { sent.remove(at: index) }
    }

    /// nil if no client of this server sent the message, or if it was too long ago.
    mutating func author(ofItem itemID: String, _ message: UserMessage) -> Author? {
        if let author = reported[itemID] { return author }
        guard let index = sent.firstIndex(where: { $0.message == message }) else { return nil }
        let author = sent.remove(at: index).author
        reported[itemID] = author
        if let oldest = order.insert(itemID) { reported[oldest] = nil }
        return author
    }
}
