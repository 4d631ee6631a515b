/// One session of one client. Unique within a run of the server.
public struct SessionID: Sendable, Hashable {
    public let value: UInt64
    public init(_ value: UInt64) { self.value = value }
}

/// One run of one agent process. Its request ids count from 0, so a request id means nothing without the agent id.
public struct AgentID: Sendable, Hashable {
    public let value: UInt64
    public init(_ value: UInt64) { self.value = value }
}

/// One hook process that waits for a verdict.
public struct HookTicket: Sendable, Hashable {
    public let value: UInt64
    public init(_ value: UInt64) { self.value = value }
}

/// Milliseconds since 1970 UTC, as codex's protocol counts time.
public typealias Milliseconds = Int64
