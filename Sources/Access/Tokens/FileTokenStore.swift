/// The tokens in a file: `STATE_DIR/tokens.json` (0600), written under the lock `tokens.lock`. The secret of the start
/// token is in `STATE_DIR/token`.
public struct FileTokenStore: TokenStore {
    /// `STATE_DIR/tokens.json`.
    let path: String
    private let lockPath: String
    public let startSecret: StartSecretFile

    /// `directory` is STATE_DIR and exists. Only the server's own user should have access to it (0700).
    public init(directory: String) {
        path = "\(directory)/tokens.json"
        lockPath = "\(directory)/tokens.lock"
        startSecret = StartSecretFile(path: "\(directory)/token")
    }

    /// Needs no lock, since writers replace the file atomically.
    public func read() throws(AccessError) -> TokenSet {
        guard let bytes = try PrivateFile.read(path) else { return TokenSet() }
        return try TokenSet(parsing: bytes, path: path)
    }

    public func change<Result>(
        _ body: (inout TokenSet) throws(AccessError) -> Result
    ) throws(AccessError) -> Result {
        try FileLock.hold(lockPath) { () throws(AccessError) in
            var tokenSet = try read()
            let before = tokenSet
            let result = try body(&tokenSet)
            if tokenSet != before { try PrivateFile.replace(path, with: tokenSet.serialized()) }
            return result
        }
    }

    public var revision: TokenRevision? { FileSignature(path).map { TokenRevision($0.numbers) } }

    public func watch(_ changed: @escaping @Sendable () -> Void) -> any StoreWatch {
        FileWatch(path, handler: changed)
    }
}

extension FileWatch: StoreWatch {}
