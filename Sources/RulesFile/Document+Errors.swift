import Yams

extension Document {
    /// Converts a Yams error into a place in the file and one line.
    static func problem(_ error: YamlError, in source: String) -> Problem {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let lines = source.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            // Yams reports something missing at the end in the line after the last.
            let line = min(mark.line, lines.count)
            return Problem(line: line, key: nil, reason: reason(problem, context, at: line, lines[line - 1]))
        case .duplicatedKeysInMapping(let names, let context):
            let name = names.first ?? ""
            return Problem(
                line: context.mark.line, key: Visible.text(name), reason: "occurs twice in one map, first here")
        case .reader(let problem, _, _, _):
            return Problem(line: nil, key: nil, reason: "cannot be read: \(problem)")
        default:
            return Problem(line: nil, key: nil, reason: "cannot be read: \(Visible.text(error.description))")
        }
    }

    private static func reason(
        _ problem: String, _ context: YamlError.Context?, at line: Int, _ text: Substring
    ) -> String {
        // libyaml's message suggests calling a function that is not part of this API.
        if [problem, context?.text ?? ""].contains(where: { $0.contains("nesting level") }) {
            return "is nested too deeply"
        }
        if problem == "but found another document" { return "a second document begins here; only one is allowed" }
        if text.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") {
            return "a line may begin with spaces only, not with tabs"
        }
        guard let context, !context.text.isEmpty else { return "is not valid YAML: \(problem)" }
        let begin = context.mark.line < line ? " that begins in line \(context.mark.line)" : ""
        return "is not valid YAML: \(context.text)\(begin): \(problem)"
    }
}
