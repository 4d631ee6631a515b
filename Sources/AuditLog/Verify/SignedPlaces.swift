/// Compares rows with positions that were signed, in the log or elsewhere. It finds rows that were rewritten together
/// with all hashes after them.
struct SignedPlaces {
    private struct Place {
        let anchor: AuditAnchor
        let kind: VerifyResult.Fault.Kind
        let name: String
    }

    private let places: [Place]
    private var position = 0
    /// The last row confirmed by a signed position.
    private var vouched: Int64

    init(start: AuditAnchor, checkpoints: [AuditCheckpoint], head: AuditAnchor?, expecting: AuditAnchor?) {
        var places = checkpoints.map { Place(anchor: $0.anchor, kind: .checkpoint, name: "signed checkpoint") }
        if let head { places.append(Place(anchor: head, kind: .head, name: "signed head")) }
        if let expecting { places.append(Place(anchor: expecting, kind: .expected, name: "expected hash")) }
        self.places = places.filter { $0.anchor.seq > start.seq }.sorted { $0.anchor.seq < $1.anchor.seq }
        vouched = start.seq
    }

    /// Throws `VerifyResult.Fault`.
    mutating func compare(_ row: StoredRow, next: StoredRow?) throws {
        while position < places.count, places[position].anchor.seq == row.seq {
            let place = places[position]
            position += 1
            if place.anchor.hash == row.hash {
                vouched = row.seq
                continue
            }
            // The next row still follows the signed hash, so only this row was changed.
            let first = next?.previous == place.anchor.hash ? row.seq : vouched + 1
            let what = first == row.seq ? "Row \(first) was" : "Rows were, somewhere from \(first) to \(row.seq),"
            throw VerifyResult.Fault(
                place.kind, first, through: row.seq,
                "\(what) rewritten: row \(row.seq) does not have the \(place.name).")
        }
    }
}
