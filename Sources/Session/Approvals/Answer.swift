public import JSON

/// An answer to a request of the agent's: what a client sent, or what the agent is told.
public enum Answer: Sendable {
    case result(JSONValue)
    case error(JSONValue)
}
