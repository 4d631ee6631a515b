/// The output of `df -P`, with `-h` or `-i`.
struct DiskReport: Sendable, Hashable {
    struct Row: Sendable, Hashable {
        let device: String
        let size: String
        let used: String
        let available: String
        let percent: Int
        let mountPoint: String
    }

    enum Subject: Sendable { case space, inodes }

    /// The fullest first. A device mounted several times appears once, under its shortest path.
    let rows: [Row]

    /// nil without the heading of `df`: the command failed before printing it.
    init?(output: String) {
        let lines = output.lines
        guard let heading = lines.firstIndex(where: { $0.hasPrefix("Filesystem") }) else { return nil }
        var rows: [Row] = []
        for row in lines[(heading + 1)...].compactMap(Self.row) {
            let same = rows.firstIndex {
                $0.device == row.device && $0.size == row.size && $0.used == row.used && $0.available == row.available
            }
            guard let same else {
                rows.append(row)
                continue
            }
            if row.mountPoint.count < rows[same].mountPoint.count { rows[same] = row }
        }
        if rows.isEmpty { return nil }
        self.rows = rows.sorted { ($1.percent, $0.mountPoint) < ($0.percent, $1.mountPoint) }
    }

    /// Names of devices and mount points may contain spaces, so the row is parsed from its percentage. A file system
    /// without a limit (`-`) has no usage and is skipped.
    private static func row(_ line: Substring) -> Row? {
        let columns = line.columns
        guard
            let index = columns.indices.dropFirst(4).first(where: { columns[$0].hasSuffix("%") }),
            index + 1 < columns.count, let percent = Int(columns[index].dropLast())
        else { return nil }
        return Row(
            device: columns[..<(index - 3)].joined(separator: " "), size: String(columns[index - 3]),
            used: String(columns[index - 2]), available: String(columns[index - 1]), percent: percent,
            mountPoint: columns[(index + 1)...].joined(separator: " "))
    }

    func answer(_ subject: Subject) -> String {
        let fullest = rows[0]
        let unit = subject == .space ? "" : " inodes"
        var answer = """
            \(Markdown.code(fullest.mountPoint)) is the fullest file system: **\(fullest.percent)%** used, \
            \(fullest.used) of \(fullest.size)\(unit), \(fullest.available) free.
            """
        switch fullest.percent {
        case 95...: answer += " That is nearly full."
        case 80...: answer += " That is above 80%."
        default: answer += " Nothing is above 80%."
        }
        let others = rows.dropFirst().map { "\(Markdown.code($0.mountPoint)): \($0.percent)%, \($0.available) free" }
        return others.isEmpty ? answer : answer + "\n\n" + Markdown.list(others, limit: 6)
    }
}
