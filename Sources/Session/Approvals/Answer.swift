public import JSON

/// An answer to a request from the agent: what a client sent, or what the server passes on to the agent.
public enum Answer: Sendable {
    case result(JSONValue)
    case error(JSONValue)
}
