/// The output of `free -m`; all amounts in MiB.
struct MemoryReport: Sendable, Hashable {
    let total: Int
    /// Memory that programs can still get without swapping.
    let available: Int
    let swapTotal: Int
    let swapUsed: Int

    init?(output: String) {
        let lines = output.lines
        guard
            let heading = lines.first(where: { $0.columns.first == "total" })?.columns,
            let memory = Self.row("Mem:", in: lines), memory.count == heading.count,
            let total = Self.value("total", heading, memory), total > 0
        else { return nil }
        self.total = total
        // Older versions have no such column; the sum of free and cached memory is close to it.
        let cached = ["free", "buffers", "cached", "buff/cache"].compactMap { Self.value($0, heading, memory) }
        available = Self.value("available", heading, memory) ?? cached.reduce(0, +)
        let swap = Self.row("Swap:", in: lines) ?? []
        swapTotal = swap.first ?? 0
        swapUsed = swap.dropFirst().first ?? 0
    }

    private static func row(_ name: String, in lines: [Substring]) -> [Int]? {
        lines.first { $0.hasPrefix(name) }.map { $0.dropFirst(name.count).columns.compactMap { Int($0) } }
    }

    private static func value(_ name: Substring, _ heading: [Substring], _ row: [Int]) -> Int? {
        heading.firstIndex(of: name).map { row[$0] }
    }

    var answer: String {
        let used = Quantity.percent(total - available, of: total)
        var answer = """
            **\(Quantity.size(mebibytes: available))** of \(Quantity.size(mebibytes: total)) memory is available; \
            programs use \(used)%.
            """
        if used >= 90 { answer += " That is short." }
        answer +=
            swapTotal == 0
            ? " There is no swap."
            : " Swap: \(Quantity.size(mebibytes: swapUsed)) of \(Quantity.size(mebibytes: swapTotal)) used."
        return answer
    }
}
