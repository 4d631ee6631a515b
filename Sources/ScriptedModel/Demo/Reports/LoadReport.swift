/// The output of `uptime && nproc`.
struct LoadReport: Sendable, Hashable {
    /// Averages over 1, 5 and 15 minutes.
    let averages: [Double]
    /// nil if `nproc` printed nothing.
    let processors: Int?
    /// The machine's uptime, as printed by `uptime`.
    let uptime: String?

    init?(output: String) {
        let lines = output.lines
        guard let line = lines.last(where: { $0.contains("load average") }),
            let start = line.firstRange(of: "load average"), let colon = line[start.upperBound...].firstIndex(of: ":")
        else { return nil }
        // Some locales write `0,25, 1,83, 1,33`.
        averages = line[line.index(after: colon)...].columns.compactMap {
            Double(String($0.last == "," ? $0.dropLast() : $0).replacing(",", with: "."))
        }
        guard averages.count == 3 else { return nil }
        processors = lines.lazy.compactMap { Int($0.trimmingSpaces()) }.last
        uptime = Self.uptime(in: line)
    }

    private static func uptime(in line: Substring) -> String? {
        guard let start = line.firstRange(of: "up ")?.upperBound else { return nil }
        let parts = line[start...].split(separator: ",").prefix { !$0.contains("user") && !$0.contains("load") }
        let text = parts.map { String($0.trimmingSpaces()) }.joined(separator: ", ")
        return text.isEmpty ? nil : text
    }

    var answer: String {
        let shown = averages.map { Quantity.decimal($0, digits: 2) }
        var answer = "The load is **\(shown[0])** (5 min: \(shown[1]), 15 min: \(shown[2]))"
        if let processors, processors > 0 {
            let share = Int((averages[0] / Double(processors) * 100).rounded())
            answer += " on \(Quantity.count(processors, "CPU")): \(share)% of what they can do at once."
            if share > 100 { answer += " Work is waiting for a CPU or for a disk." }
        } else {
            answer += "."
        }
        if averages[0] > averages[2] * 1.5, averages[0] > 1 { answer += " It is rising." }
        if averages[2] > averages[0] * 1.5, averages[2] > 1 { answer += " It is falling." }
        if let uptime { answer += " Up \(uptime)." }
        return answer
    }
}
