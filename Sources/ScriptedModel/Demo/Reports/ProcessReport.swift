/// The output of `ps -eo pid,user,%cpu,%mem,rss,comm`.
struct ProcessReport: Sendable, Hashable {
    struct Row: Sendable, Hashable {
        let pid: Int
        let user: String
        let cpu: String
        let memory: String
        let residentKibibytes: Int
        let name: String
    }

    enum Order: Sendable { case cpu, memory }

    /// In the order of `ps`, without `ps` itself.
    let rows: [Row]

    init?(output: String) {
        let lines = output.lines
        guard let heading = lines.firstIndex(where: { $0.columns.first == "PID" }) else { return nil }
        rows = lines[(heading + 1)...].compactMap(Self.row).filter { $0.name != "ps" && $0.name != "head" }
        if rows.isEmpty { return nil }
    }

    private static func row(_ line: Substring) -> Row? {
        let columns = line.columns
        guard columns.count >= 6, let pid = Int(columns[0]), let resident = Int(columns[4]) else { return nil }
        return Row(
            pid: pid, user: String(columns[1]), cpu: String(columns[2]), memory: String(columns[3]),
            residentKibibytes: resident, name: columns[5...].joined(separator: " "))
    }

    func answer(by order: Order) -> String {
        let first = rows[0]
        let size = Quantity.size(mebibytes: first.residentKibibytes / 1024)
        let lead =
            switch order {
            case .cpu: "\(Markdown.code(first.name)) uses the most CPU: **\(first.cpu)%** of one, over its lifetime."
            case .memory: "\(Markdown.code(first.name)) uses the most memory: **\(size)** (\(first.memory)%)."
            }
        let entries = rows.map { row in
            let size = Quantity.size(mebibytes: row.residentKibibytes / 1024)
            return "\(Markdown.code(row.name)) (\(row.pid), \(Markdown.code(row.user))): \(row.cpu)% CPU, \(size)"
        }
        return lead + "\n\n" + Markdown.list(Array(entries.prefix(5)), limit: 5)
    }
}
