import JSON

/// Where a thread works, and what else it may write: absolute, links resolved when a client named the paths.
public struct ThreadPlace: Sendable, Hashable {
    public let directory: String
    public var roots: [String]

    public init(directory: String, roots: [String]) {
        self.directory = directory
        self.roots = roots
    }
}
