/// What a session knows about the agent it is connected to.
public struct AgentInfo: Sendable {
    public let id: AgentID
    public let proof: GateProof
    /// Why no thread may be opened: the sandbox or the gate cannot work on this machine. nil if they work.
    public let threadsRefused: String?
    public let isShared: Bool

    public init(id: AgentID, proof: GateProof, threadsRefused: String?, isShared: Bool) {
        self.id = id
        self.proof = proof
        self.threadsRefused = threadsRefused
        self.isShared = isShared
    }
}
