/// Swift source text under construction, formatted as `swift format` does.
struct SourceWriter {
    static let width = 120

    private(set) var text = ""
    private var depth = 0

    mutating func line(_ line: String = "") {
        text += line.isEmpty ? "\n" : String(repeating: " ", count: 4 * depth) + line + "\n"
    }

    mutating func lines(_ lines: some Sequence<String>) {
        for text in lines { line(text) }
    }

    mutating func indented(_ body: (inout SourceWriter) -> Void) {
        depth += 1
        body(&self)
        depth -= 1
    }

    mutating func block(_ head: String, _ body: (inout SourceWriter) -> Void) {
        line(head + " {")
        indented(body)
        line("}")
    }

    /// One case of a switch, on one line or, if that is too long, on two.
    mutating func arm(_ pattern: String, _ body: String) {
        let line = "\(pattern): \(body)"
        if 4 * depth + line.count <= Self.width { return self.line(line) }
        self.line(pattern + ":")
        indented { writer in writer.line(body) }
    }

    mutating func documentation(_ text: String) { line("/// " + text) }
}
