import AuditRecord
import Cryptography
import Foundation
import JSON

/// Prepares an entry for writing: masks secrets, then truncates long strings. The order matters: truncating first could
/// split a secret so that it is no longer recognized.
struct EntryPreparation: Sendable {
    /// The suffix of a member that holds the hash of a text that is too long to keep.
    static let hashSuffix = "Sha256"

    let mask: SecretMask
    /// In bytes of UTF-8.
    let longestString: Int

    init(key: SigningKey, known: [String], longestString: Int) {
        mask = SecretMask(known: known, key: key.maskingKey())
        self.longestString = longestString
    }

    func prepare(_ entry: AuditEntry) -> PreparedEntry {
        var entry = entry
        // A client's claims about itself may contain anything. The other names are the server's own.
        entry.actor = entry.actor.map { cut(mask.masked($0)) }
        entry.actorID = entry.actorID.map { cut(mask.masked($0)) }
        entry.userAgent = entry.userAgent.map { cut(mask.masked($0)) }
        entry.requestID = entry.requestID.map { cut($0) }
        var details = cut(mask.masked(entry.details))
        for (name, text) in entry.digested.sorted(by: { $0.key < $1.key }) {
            details["\(name)Bytes"] = .number(JSONNumber(Int64(text.utf8.count)))
            details["\(name)\(Self.hashSuffix)"] = .string(SHA256.hash(Array(text.utf8)).hexadecimal)
        }
        return PreparedEntry(entry, details: details)
    }

    private func cut(_ object: JSONObject) -> JSONObject {
        JSONObject(object.members.map { (cut($0.key), cut($0.value)) })
    }

    private func cut(_ value: JSONValue) -> JSONValue {
        switch value {
        case .null, .bool, .number: value
        case .string(let text): .string(cut(text))
        case .array(let elements): .array(elements.map(cut))
        case .object(let object): .object(cut(object))
        }
    }

    /// The hash is of the masked text: the hash of a text with a short password could reveal the password.
    private func cut(_ text: String) -> String {
        let length = text.utf8.count
        guard length > longestString else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: longestString)
        while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        let hash = SHA256.hash(Array(text.utf8)).hexadecimal
        return text[..<end] + "[cut: \(length) bytes, sha256:\(hash)]"
    }
}

extension AuditEntry {
    /// Approximate memory size.
    var byteCount: Int {
        let texts = [actor, actorID, role, address, userAgent, threadID, turnID, itemID, requestID]
        let kept = texts + digested.values.map(Optional.some)
        return kept.reduce(200 + JSONValue.object(details).byteCount) { $0 + ($1?.utf8.count ?? 0) }
    }
}

extension JSONValue {
    fileprivate var byteCount: Int {
        switch self {
        case .null, .bool, .number: 40
        case .string(let text): 40 + text.utf8.count
        case .array(let elements): elements.reduce(40) { $0 + $1.byteCount }
        case .object(let object): object.members.reduce(40) { $0 + $1.key.utf8.count + 20 + $1.value.byteCount }
        }
    }
}
