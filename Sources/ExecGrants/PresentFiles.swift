/// Access to the current files.
public struct PresentFiles: Sendable {
    /// A file's whole content; nil if the file does not exist or cannot be read completely.
    let content: @Sendable (String) -> [UInt8]?
    /// A path with its links resolved.
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
