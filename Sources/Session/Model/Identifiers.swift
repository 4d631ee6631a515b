/// One session of one client, for as long as the server runs.
public struct SessionID: Sendable, Hashable {
    public let value: UInt64
    public init(_ value: UInt64) { self.value = value }
}

/// One life of one agent process. Its request ids count from 0, so an id means nothing without it.
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
