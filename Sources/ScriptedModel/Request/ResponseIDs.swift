/// The ids inside one answer. codex uses call ids as ids of its items, so no two answers may share them: the seed
/// must be new for every answer.
struct ResponseIDs: Sendable {
    private static let pollPrefix = "poll_"

    let seed: String

    var response: String { "resp_\(seed)" }

    func item(_ index: Int) -> String { "item_\(seed)_\(index)" }
    func call(_ index: Int) -> String { "call_\(seed)_\(index)" }

    /// For a call that only waits for an earlier one; its id identifies it as a poll, which does not count as a step.
    var poll: String { Self.pollPrefix + seed }

    static func isPoll(_ callID: String) -> Bool { callID.hasPrefix(pollPrefix) }
}
