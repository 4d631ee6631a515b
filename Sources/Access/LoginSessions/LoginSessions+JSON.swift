import JSON

/// `{"version": 2, "signIns": [{"id", "token", "sha256", "keySha256", "createdAt", "expiresAt"}, …]}`, oldest first.
extension LoginSessions {
    private static let version: Int64 = 2
    /// Version 1 had no page keys, so its login sessions no longer count.
    private static let versionWithoutKeys: Int64 = 1

    /// Nil if any part is invalid.
    init?(parsing bytes: [UInt8]) {
        guard let value = try? JSONValue(parsing: bytes) else { return nil }
        if value["version"]?.intValue == Self.versionWithoutKeys {
            self.init()
            return
        }
        guard value["version"]?.intValue == Self.version, let entries = value["signIns"]?.arrayValue,
            entries.count <= Self.capacity
        else { return nil }
        let loginSessions = entries.compactMap(LoginSession.init)
        guard loginSessions.count == entries.count else { return nil }
        self.init(loginSessions)
    }

    func serialized() -> [UInt8] {
        let object: JSONObject = [
            "version": .number(JSONNumber(Self.version)), "signIns": .array(loginSessions.map(\.json)),
        ]
        return JSONValue.object(object).serialized() + [UInt8(ascii: "\n")]
    }
}

extension LoginSession {
    fileprivate init?(_ value: JSONValue) {
        guard let id = value["id"]?.stringValue, Hex.bytes(id)?.count == Self.idBytes,
            let tokenID = value["token"]?.stringValue,
            let hash = value["sha256"]?.stringValue.flatMap(SecretHash.init(hex:)),
            let keyHash = value["keySha256"]?.stringValue.flatMap(SecretHash.init(hex:)),
            let createdAt = value["createdAt"]?.intValue, let expiresAt = value["expiresAt"]?.intValue
        else { return nil }
        self.init(
            id: id, tokenID: tokenID, createdAt: createdAt, expiresAt: expiresAt, hash: hash, keyHash: keyHash)
    }

    fileprivate var json: JSONValue {
        [
            "id": .string(id), "token": .string(tokenID), "sha256": .string(hash.hex),
            "keySha256": .string(keyHash.hex), "createdAt": .number(JSONNumber(createdAt)),
            "expiresAt": .number(JSONNumber(expiresAt)),
        ]
    }
}
