/// Which rows of the record somebody wants to see.
public struct RecordQuery: Sendable, Hashable {
    public var threadID: String?
    /// Rows that hold this text somewhere.
    public var text: String?
    /// Rows before this one.
    public var before: Int64?
    /// 1 to 500. Default 100.
    public var limit = 100
    /// Without what would tell a viewer whether it has guessed a secret.
    public var isForViewer = false
}
