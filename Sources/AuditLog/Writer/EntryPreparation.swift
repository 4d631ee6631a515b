import AuditRecord
import Crypto
import Foundation
import JSON

/// Makes an entry fit to be written: secrets masked, long strings cut. The order matters: a cut could split a secret
/// so that it is no longer recognized.
struct EntryPreparation: Sendable {
    /// Ends the name of a hash of a text that is too long to keep.
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
        // What a client says of itself may hold anything. The other names are the server's own.
        entry.actor = entry.actor.map { cut(mask.masked($0)) }
        entry.userAgent = entry.userAgent.map { cut(mask.masked($0)) }
        entry.requestID = entry.requestID.map { cut($0) }
        var details = cut(mask.masked(entry.details))
        for (name, text) in entry.digested.sorted(by: { $0.key < $1.key }) {
            details["\(name)Bytes"] = .number(JSONNumber(Int64(text.utf8.count)))
            details["\(name)\(Self.hashSuffix)"] = .string(SHA256.hash(data: Data(text.utf8)).hexadecimal)
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

    /// The hash is that of the masked text: the hash of a text that holds a short password would give it away.
    private func cut(_ text: String) -> String {
        let length = text.utf8.count
        guard length > longestString else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: longestString)
        while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        let hash = SHA256.hash(data: Data(text.utf8)).hexadecimal
        return text[..<end] + "[cut: \(length) bytes, sha256:\(hash)]"
    }
}

extension AuditEntry {
    /// Roughly what it takes in memory.
    var byteCount: Int {
        let texts = [actor, role, address, userAgent, threadID, turnID, itemID, requestID]
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
