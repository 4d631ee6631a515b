/// The programs that approved commands have started, for the audit log: a count and some names. The processes supply
/// the names themselves, so they are not evidence.
public struct StartedPrograms: Sendable {
    public struct Tally: Sendable, Hashable {
        public internal(set) var count = 0
        /// The distinct names among the first ``lookedAt`` programs.
        public internal(set) var names: [String] = []
    }

    public static let nameLimit = 50
    /// Reading a name takes as long as the rest of the answer, so a build's thousands of processes are only counted.
    public static let lookedAt = 200
    static let callLimit = 1_024

    private struct Call: Hashable {
        let threadID: String
        let callID: String
    }

    private var tallies: [Call: Tally] = [:]
    private var order: [Call] = []

    public init() {}

    /// Counts a program. Returns whether its name should be recorded, while there is room.
    public mutating func count(thread threadID: String, call callID: String) -> Bool {
        let call = Call(threadID: threadID, callID: callID)
        if tallies[call] == nil {
            order.append(call)
            if order.count > Self.callLimit { tallies[order.removeFirst()] = nil }
        }
        tallies[call, default: Tally()].count += 1
        guard let tally = tallies[call] else { return false }
        return tally.count <= Self.lookedAt && tally.names.count < Self.nameLimit
    }

    public mutating func add(name: String, thread threadID: String, call callID: String) {
        let call = Call(threadID: threadID, callID: callID)
        guard let tally = tallies[call], tally.names.count < Self.nameLimit, !tally.names.contains(name) else { return }
        tallies[call]?.names.append(String(name.prefix(200)))
    }

    public mutating func take(thread threadID: String, call callID: String) -> Tally? {
        let call = Call(threadID: threadID, callID: callID)
        guard let tally = tallies.removeValue(forKey: call) else { return nil }
        order.removeAll { $0 == call }
        return tally
    }
}
