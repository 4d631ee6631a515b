import JSON

public enum ExportFormat: String, Sendable, CaseIterable {
    /// One JSON object per line: `seq`, `previous`, `hash` (hexadecimal), then the entry.
    case jsonl
    /// RFC 4180 with a header line; `details` is a cell of JSON.
    case csv
}

/// Formats rows in chunks of roughly 64 KiB.
struct Export {
    private static let pieceLength = 64 << 10

    private let format: ExportFormat
    private var piece: [UInt8] = []

    init(_ format: ExportFormat) {
        self.format = format
        if format == .csv { CSV.write(["seq"] + Self.members + ["details", "previous", "hash"], to: &piece) }
    }

    mutating func add(_ row: AuditRow, to output: ([UInt8]) throws -> Void) throws {
        switch format {
        case .jsonl: Self.writeLine(row, to: &piece)
        case .csv: Self.writeCells(row, to: &piece)
        }
        guard piece.count >= Self.pieceLength else { return }
        try output(piece)
        piece.removeAll(keepingCapacity: true)
    }

    func finish(to output: ([UInt8]) throws -> Void) throws {
        if !piece.isEmpty { try output(piece) }
    }

    private static let members = ["at"] + Columns.texts.map(\.member)

    /// Copies the content without parsing it.
    private static func writeLine(_ row: AuditRow, to output: inout [UInt8]) {
        output.append(contentsOf: #"{"seq":\#(row.seq),"previous":"\#(row.previous.hexadecimal)","hash":""#.utf8)
        output.append(contentsOf: "\(row.hash.hexadecimal)\",".utf8)
        output.append(contentsOf: row.content.dropFirst())
        output.append(UInt8(ascii: "\n"))
    }

    private static func writeCells(_ row: AuditRow, to output: inout [UInt8]) {
        let object = row.object
        var cells = [String(row.seq)]
        for member in members { cells.append(object[member].map { $0.stringValue ?? $0.description } ?? "") }
        cells.append(object["details"]?.description ?? "")
        cells.append(row.previous.hexadecimal)
        cells.append(row.hash.hexadecimal)
        CSV.write(cells, to: &output)
    }
}

/// RFC 4180. Spreadsheets interpret a cell that begins with `=`, `+`, `-`, `@`, a tab or a line end as a formula, so
/// such a cell is prefixed with an apostrophe (OWASP, CSV injection).
enum CSV {
    static func write(_ cells: [String], to output: inout [UInt8]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            write(cell, to: &output)
        }
        output.append(contentsOf: "\r\n".utf8)
    }

    private static func write(_ cell: String, to output: inout [UInt8]) {
        let isFormula = cell.utf8.first.map(formulaStarts.contains) ?? false
        guard isFormula || cell.utf8.contains(where: special.contains) else {
            output.append(contentsOf: cell.utf8)
            return
        }
        output.append(UInt8(ascii: "\""))
        if isFormula { output.append(UInt8(ascii: "'")) }
        for byte in cell.utf8 {
            if byte == UInt8(ascii: "\"") { output.append(byte) }
            output.append(byte)
        }
        output.append(UInt8(ascii: "\""))
    }

    private static let formulaStarts = Array("=+-@\t\r\n".utf8)
    private static let special = Array(",\"\r\n".utf8)
}
