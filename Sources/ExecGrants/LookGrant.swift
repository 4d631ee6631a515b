import JSON

/// Allows codex's file helper to read one file: a picture to be shown to the model.
public struct LookGrant: Sendable, Hashable {
    public let threadID: String
    public let turnID: String
    /// Absolute, without `.` and `..`.
    public let path: String
    /// What the thread may write; `directory` is nil.
    public let confinement: Confinement

    public init(threadID: String, turnID: String, path: String, confinement: Confinement = .none) {
        self.threadID = threadID
        self.turnID = turnID
        self.path = path
        self.confinement = confinement
    }

    func admits(_ operation: FileOperation) -> Bool {
        operation.change == nil && path.isIdentical(to: operation.path)
    }
}
