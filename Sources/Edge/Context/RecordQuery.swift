/// Selects rows of the record.
public struct RecordQuery: Sendable, Hashable {
    public var threadID: String?
    /// Rows that contain this text.
    public var text: String?
    /// Rows before this row ID.
    public var before: Int64?
    /// 1 to 500. Default 100.
    public var limit = 100
    /// Leaves out anything that would tell a viewer whether it has guessed a secret.
    public var isForViewer = false
}
