/// Writes Prometheus's text format, version 0.0.4.
public struct Exposition {
    public private(set) var text = ""

    public init() {}

    public mutating func gauge(_ name: String, _ help: String, _ value: Int) {
        head(name, help, "gauge")
        line(name, [], "\(value)")
    }

    /// `name` ends in `_total`, as the format's conventions require.
    public mutating func counter(_ name: String, _ help: String, _ value: UInt64) {
        head(name, help, "counter")
        line(name, [], "\(value)")
    }

    public mutating func counters(_ name: String, _ help: String, _ family: CounterFamily) {
        head(name, help, "counter")
        for (values, count) in family.all { line(name, Array(zip(family.labels, values)), "\(count)") }
    }

    public mutating func histogram(_ name: String, _ help: String, _ histogram: Histogram) {
        head(name, help, "histogram")
        let counts = histogram.cumulative
        for (bound, count) in zip(histogram.bounds, counts) { line("\(name)_bucket", [("le", "\(bound)")], "\(count)") }
        line("\(name)_bucket", [("le", "+Inf")], "\(counts.last ?? 0)")
        line("\(name)_sum", [], "\(histogram.sum)")
        line("\(name)_count", [], "\(counts.last ?? 0)")
    }

    private mutating func head(_ name: String, _ help: String, _ type: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    private mutating func line(_ name: String, _ labels: [(String, String)], _ value: String) {
        let pairs = labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
        text += pairs.isEmpty ? "\(name) \(value)\n" : "\(name){\(pairs)} \(value)\n"
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
