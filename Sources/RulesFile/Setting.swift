/// A value of the file and its place. Scalars are kept as written: the key decides whether `no`, `08` or `1e3` is a
/// word, a number or a boolean, not YAML.
struct Setting {
    typealias Problem = RulesFileError.Problem

    enum Content {
        /// `isPlain`: written without quotes.
        case text(String, isPlain: Bool)
        case list([Setting])
        case members([Member])
    }

    struct Member {
        let name: String
        /// The name's line.
        let line: Int?
        let value: Setting
    }

    /// The path to this value, as in `floor.operator.roots[0]`. Empty for the whole file.
    let path: String
    let line: Int?
    let content: Content

    func problem(_ reason: String) -> Problem {
        Problem(line: line, key: path.isEmpty ? nil : path, reason: reason)
    }

    /// The value is missing, as in `floor:`. `~` and `null` are ordinary words.
    var isEmpty: Bool {
        if case .text("", isPlain: true) = content { true } else { false }
    }

    /// Describes the value, for messages that say what is expected.
    var shown: String {
        switch content {
        case .text("", isPlain: true): "nothing"
        case .text(let text, isPlain: true): "`\(Visible.text(text))`"
        case .text(let text, isPlain: false): "\"\(Visible.text(text))\""
        case .list: "a list"
        case .members: "keys with values"
        }
    }

    func text() throws(Problem) -> String {
        guard !isEmpty, case .text(let text, _) = content else { throw problem("must be a text, not \(shown)") }
        return text
    }

    /// `true` or `false`. Excludes the other booleans of YAML 1.1, because `no` may be a name.
    func bool() throws(Problem) -> Bool {
        switch content {
        case .text("true", isPlain: true): true
        case .text("false", isPlain: true): false
        default: throw problem("must be true or false, without quotes, not \(shown)")
        }
    }

    /// Up to six digits. Excludes `08`, which some YAML parsers read as octal and others as decimal.
    func count() throws(Problem) -> Int {
        guard case .text(let text, isPlain: true) = content, (1...6).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), text == "0" || !text.hasPrefix("0"),
            let number = Int(text)
        else { throw problem("must be a whole number from 0 to 999999, not \(shown)") }
        return number
    }

    func choice<Choice: CaseIterable & RawRepresentable>() throws(Problem) -> Choice
    where Choice.RawValue == String {
        guard case .text(let text, _) = content, let choice = Choice(rawValue: text) else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw problem("must be one of \(known), not \(shown)")
        }
        return choice
    }

    func list() throws(Problem) -> [Setting] {
        guard case .list(let items) = content else { throw problem("must be a list, as in [a, b], not \(shown)") }
        return items
    }

    func texts() throws(Problem) -> [String] {
        var texts: [String] = []
        for item in try list() { texts.append(try item.text()) }
        return texts
    }

    func members() throws(Problem) -> [Member] {
        guard case .members(let members) = content else { throw problem("must be keys with values, not \(shown)") }
        return members
    }

    func members(known: [String]) throws(Problem) -> [Member] {
        let members = try members()
        for member in members where !known.contains(member.name) {
            throw Problem(
                line: member.line, key: member.value.path,
                reason: "is not known here. Known keys: \(known.joined(separator: ", "))")
        }
        return members
    }
}
