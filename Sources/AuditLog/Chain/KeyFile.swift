import AuditRecord
import Glibc

/// The key pair on disk: the private key at a path, readable only by its owner, and the public key at `.pub` beside it.
enum KeyFile {
    struct Loaded {
        let key: SigningKey
        /// Whether the key has just been created.
        let isNew: Bool
    }

    static func publicPath(of path: String) -> String { path + ".pub" }

    static func exists(at path: String) -> Bool { access(path, F_OK) == 0 || errno != ENOENT }

    static func loadOrCreate(at path: String) throws -> Loaded {
        if let text = try SmallFile.read(path, onlyForOwner: true) {
            let key = try describing(path) { try SigningKey(pem: text) }
            try writePublicKey(of: key, beside: path)
            return Loaded(key: key, isNew: false)
        }
        let made = try SigningKey()
        if try SmallFile.create(path, made.pem, mode: 0o600) {
            try writePublicKey(of: made, beside: path)
            return Loaded(key: made, isNew: true)
        }
        // Another process created it in the meantime.
        return try loadOrCreate(at: path)
    }

    static func publicKey(at path: String) throws -> SigningKey.PublicKey {
        guard let text = try SmallFile.read(path, onlyForOwner: false) else {
            throw AuditFailure("There is no public key at \(path).")
        }
        return try describing(path) { try SigningKey.PublicKey(pem: text) }
    }

    private static func writePublicKey(of key: SigningKey, beside path: String) throws {
        let path = publicPath(of: path)
        let pem = key.publicKey.pem
        if let present = try SmallFile.read(path, onlyForOwner: false) {
            guard present == pem else {
                throw AuditFailure("\(path) is not the public key that belongs to the private key beside it.")
            }
        } else {
            _ = try SmallFile.create(path, pem, mode: 0o644)
        }
    }

    private static func describing<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        do { return try body() } catch { throw AuditFailure("\(path): \(error)") }
    }
}

/// Files of a few hundred bytes.
enum SmallFile {
    private static let largest = 4096

    /// nil if there is no file. Throws if `onlyForOwner` is set and other users can read the file.
    static func read(_ path: String, onlyForOwner: Bool) throws -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("cannot read", path)
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure("cannot read", path) }
        if onlyForOwner, status.st_mode & 0o077 != 0 {
            throw AuditFailure("\(path) is readable by other users; run chmod 600.")
        }
        var bytes = [UInt8](repeating: 0, count: largest)
        let count = Glibc.read(file, &bytes, largest)
        guard count >= 0 else { throw failure("cannot read", path) }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// Creates the file atomically; false if it exists already.
    static func create(_ path: String, _ text: String, mode: mode_t) throws -> Bool {
        let draft = "\(path).\(getpid()).\(UInt32.random(in: 0 ... .max))"
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard file >= 0 else { throw failure("cannot write", path) }
        defer {
            close(file)
            unlink(draft)
        }
        let bytes = Array(text.utf8)
        guard write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else {
            throw failure("cannot write", path)
        }
        guard link(draft, path) == 0 else {
            if errno == EEXIST { return false }
            throw failure("cannot write", path)
        }
        return true
    }

    private static func failure(_ what: String, _ path: String) -> AuditFailure {
        AuditFailure("\(what) \(path): \(String(cString: strerror(errno)))")
    }
}
