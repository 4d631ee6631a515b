/// Load limits for one client. Answers to questions are never refused for load.
public struct TrafficLimits: Sendable, Hashable {
    /// `MAX_FRAMES_PER_SECOND`, per client. Default 20,000; bursts of the same size pass.
    public let framesPerSecond: Int
    /// `MAX_BYTES_PER_SECOND`, per client. Default 128 MiB; bursts of the same size pass.
    public let bytesPerSecond: Int
    /// `MAX_REQUESTS_IN_FLIGHT`: requests of one client that the agent has not answered. Default 1,000.
    public let requestsInFlight: Int
    /// Requests of one client that leave a row in the audit log (everything that a viewer may not call, and opening a
    /// thread); bursts of ten times as many pass. More would fill the disk and keep decisions waiting, and leaving rows out
    /// would hide what was done. Not a setting.
    public let recordedRequestsPerSecond: Int

    public init(
        framesPerSecond: Int = 20_000, bytesPerSecond: Int = 128 << 20, requestsInFlight: Int = 1_000,
        recordedRequestsPerSecond: Int = 100
    ) {
        self.framesPerSecond = framesPerSecond
        self.bytesPerSecond = bytesPerSecond
        self.requestsInFlight = requestsInFlight
        self.recordedRequestsPerSecond = recordedRequestsPerSecond
    }
}
