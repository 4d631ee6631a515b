/// The output of `systemctl --failed`.
struct ServiceReport: Sendable, Hashable {
    struct Unit: Sendable, Hashable {
        let name: String
        let description: String
    }

    let units: [Unit]

    /// nil if systemd did not answer: neither a list nor the line with its count.
    init?(output: String) {
        let lines = output.lines
        guard lines.contains(where: { $0.contains("loaded units listed") }) else { return nil }
        units = lines.compactMap(Self.unit)
    }

    /// `● nginx.service loaded failed failed A web server`; the mark is missing if the terminal's charset lacks it.
    private static func unit(_ line: Substring) -> Unit? {
        var columns = line.columns[...]
        if let mark = columns.first, mark.count == 1, mark.first?.isLetter == false { columns.removeFirst() }
        guard columns.count >= 4, let name = columns.first, columns.contains("failed"), name.contains(".") else {
            return nil
        }
        return Unit(name: String(name), description: columns.dropFirst(4).joined(separator: " "))
    }

    var answer: String {
        if units.isEmpty { return "No service has failed." }
        let entries = units.map { unit in
            Markdown.code(unit.name) + (unit.description.isEmpty ? "" : ": \(Markdown.code(unit.description))")
        }
        return "**\(Quantity.count(units.count, "unit"))** failed:\n\n" + Markdown.list(entries, limit: 10)
    }
}
