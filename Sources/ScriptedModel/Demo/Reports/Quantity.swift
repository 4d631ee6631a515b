/// Formats numbers for people, without Foundation.
enum Quantity {
    /// Formats `mebibytes` as a binary size, for instance `512 MiB` or `23.5 GiB`.
    static func size(mebibytes: Int) -> String {
        mebibytes < 1024 ? "\(mebibytes) MiB" : "\(decimal(Double(mebibytes) / 1024, digits: 1)) GiB"
    }

    static func decimal(_ value: Double, digits: Int) -> String {
        let factor = (0..<digits).reduce(1) { result, _ in result * 10 }
        let scaled = (value * Double(factor)).rounded()
        guard digits > 0, scaled.magnitude < 1e15 else { return "\(scaled)" }
        let whole = Int(scaled)
        let fraction = String(whole.magnitude % UInt(factor))
        let zeros = String(repeating: "0", count: digits - fraction.count)
        return "\(whole < 0 ? "-" : "")\(whole.magnitude / UInt(factor)).\(zeros)\(fraction)"
    }

    static func percent(_ part: Int, of whole: Int) -> Int {
        whole > 0 ? Int((Double(part) / Double(whole) * 100).rounded()) : 0
    }

    static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
