/// The files as they are.
public struct PresentFiles: Sendable {
    /// A file's whole content; nil when there is none, or when it cannot be read whole.
    let content: @Sendable (String) -> [UInt8]?
    /// Where a path leads, links resolved.
    let resolve: @Sendable (String) -> String
    let stamp: @Sendable (String) -> FileStamp
    let isDirectory: @Sendable (String) -> Bool

    public init(
        content: @escaping @Sendable (String) -> [UInt8]?, resolve: @escaping @Sendable (String) -> String,
        stamp: @escaping @Sendable (String) -> FileStamp, isDirectory: @escaping @Sendable (String) -> Bool
    ) {
        self.content = content
        self.resolve = resolve
        self.stamp = stamp
        self.isDirectory = isDirectory
    }
}
