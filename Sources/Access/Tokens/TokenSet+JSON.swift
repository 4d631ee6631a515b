import JSON
import Policy

/// `{"version": 1, "startToken": ID, "tokens": [{"id", "name", "role", "sha256", "createdAt", …}, …]}`
extension TokenSet {
    private static let version: Int64 = 1

    /// `path` is only for the error message. Throws on any part it does not understand: reading the set as empty would
    /// lock everyone out, and reading it in part could let a revoked token in.
    init(parsing bytes: [UInt8], path: String) throws(AccessError) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw .file(path, "is damaged: \(error). Restore it, or remove it to start over with the start token.")
        }
        guard let version = value["version"]?.intValue else { throw Self.damaged(path, "it has no version") }
        guard version == Self.version else {
            throw .file(path, "was written by another version of sre-agent (format \(version)).")
        }
        guard let entries = value["tokens"]?.arrayValue else { throw Self.damaged(path, "it has no list of tokens") }
        var tokens: [AccessToken] = []
        var ids: Set<String> = []
        for (index, entry) in entries.enumerated() {
            guard let token = AccessToken(entry) else { throw Self.damaged(path, "token \(index + 1) cannot be read") }
            guard ids.insert(token.id).inserted else { throw Self.damaged(path, "the id \(token.id) appears twice") }
            tokens.append(token)
        }
        let start = value["startToken"]
        guard start == nil || start?.stringValue != nil else { throw Self.damaged(path, "startToken is not a string") }
        self.init(tokens: tokens, startTokenID: start?.stringValue)
    }

    func serialized() -> [UInt8] {
        var object: JSONObject = ["version": .number(JSONNumber(Self.version))]
        if let startTokenID { object["startToken"] = .string(startTokenID) }
        object["tokens"] = .array(tokens.map(\.json))
        return JSONValue.object(object).serialized() + [UInt8(ascii: "\n")]
    }

    private static func damaged(_ path: String, _ reason: String) -> AccessError {
        .file(path, "is damaged: \(reason). Restore it, or remove it to start over with the start token.")
    }
}

extension AccessToken {
    fileprivate init?(_ value: JSONValue) {
        guard let id = value["id"]?.stringValue, Hex.bytes(id)?.count == Self.idBytes,
            let name = value["name"]?.stringValue, (try? Self.check(name: name)) != nil,
            let role = value["role"]?.stringValue.flatMap(Role.init(rawValue:)),
            let hash = value["sha256"]?.stringValue.flatMap(SecretHash.init(hex:)),
            let createdAt = value["createdAt"]?.intValue
        else { return nil }
        // An unreadable expiry must not become "never".
        for key in ["expiresAt", "revokedAt"] where value[key] != nil && value[key]?.intValue == nil { return nil }
        self.init(
            id: id, name: name, role: role, hash: hash, createdAt: createdAt,
            expiresAt: value["expiresAt"]?.intValue, revokedAt: value["revokedAt"]?.intValue)
    }

    fileprivate var json: JSONValue {
        var object: JSONObject = [
            "id": .string(id), "name": .string(name), "role": .string(role.rawValue), "sha256": .string(hash.hex),
            "createdAt": .number(JSONNumber(createdAt)),
        ]
        object["expiresAt"] = expiresAt.map { .number(JSONNumber($0)) }
        object["revokedAt"] = revokedAt.map { .number(JSONNumber($0)) }
        return .object(object)
    }
}
