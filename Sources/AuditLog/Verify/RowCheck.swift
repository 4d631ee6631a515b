import Foundation
import GRDB
import JSON

/// A row as stored in the file, without validation.
struct StoredRow: Sendable {
    static let selection: String = {
        // As bytes: a text with a NUL, or one that is not UTF-8, must not be read as a different text.
        let texts = Columns.texts.map { "CAST(\($0.column) AS BLOB)" }.joined(separator: ", ")
        return "SELECT seq, previous, hash, CAST(content AS BLOB), at, \(texts) FROM entries"
    }()

    let seq: Int64
    let previous: [UInt8]
    let hash: [UInt8]
    let content: [UInt8]
    let at: Int64?
    let texts: [[UInt8]?]

    init(_ row: Row) {
        seq = row.integer(0) ?? 0
        previous = row.blob(1) ?? []
        hash = row.blob(2) ?? []
        content = row.blob(3) ?? []
        at = row.integer(4)
        texts = Columns.texts.indices.map { row.blob(5 + $0) }
    }

    var anchor: AuditAnchor { AuditAnchor(seq: seq, hash: hash) }

    /// Whether the hash matches the row's own fields.
    var isWhole: Bool { Chain.hash(seq: seq, previous: previous, content: content) == hash }

    /// The first column that differs from the content.
    var wrongColumn: String? {
        guard let object = (try? JSONValue(parsing: content))?.objectValue, let columns = Columns(of: object) else {
            return "content"
        }
        if at != columns.at { return "at" }
        for (index, expected) in columns.values.enumerated() where texts[index] != expected.map({ Array($0.utf8) }) {
            return Columns.texts[index].column
        }
        return nil
    }
}
