/// Selects rows of the record.
public struct RecordQuery: Sendable, Hashable {
    public var threadID: String?
    /// Rows that contain this text.
    public var text: String?
    /// Rows before this row ID.
    public var before: Int64?
    /// The largest number of rows, at least 1. Default 100.
    public var limit = 100
    /// Leaves out anything that would tell a viewer whether it has guessed a secret.
    public let isForViewer: Bool

    init(isForViewer: Bool) { self.isForViewer = isForViewer }
}
