/// A configuration error reported by codex, in words for people: the file, the line, the column, the message.
///
/// codex's own texts may quote the file: whole lines, and values of the wrong type. A value may be a secret, so neither
/// is passed on.
public struct ConfigurationFault: Sendable, Hashable {
    /// An absolute path; nil if codex names none.
    public let file: String?
    /// Counted from 1, as in editors.
    public let line: Int?
    /// Counted from 1, as in editors.
    public let column: Int?
    public let message: String

    /// `text` is a message from any of codex's calls.
    public init(_ text: String) {
        let found = Self.read(Self.withoutLead(text))
        (file, line, column) = (found.file, found.line, found.column)
        message = FileQuotes.removed(from: found.message)
    }

    /// Reads the fault behind ``isOfDefaults(summary:)`` from codex's log; nil if the log has none.
    public init?(inLog text: String) {
        guard let start = text.firstRange(of: Self.leads[0])?.lowerBound else { return nil }
        // The next entry begins with a colour code.
        self.init(String(text[start...].prefix { $0 != "\u{1B}" }))
    }

    public init(file: String, message: String) {
        (self.file, line, column) = (file, nil, nil)
        self.message = message
    }

    /// Recognises codex's notice that it has started without its configuration: no gate, no provider, no sign-in of the
    /// user.
    public static func isOfDefaults(summary: String) -> Bool { summary.hasPrefix("Invalid configuration") }

    /// `/home/me/.codex/config.toml, line 2, column 23: invalid basic string`; only the message if no file is known.
    public var description: String {
        guard let file else { return message }
        let place = [line.map { ", line \($0)" }, column.map { ", column \($0)" }].compactMap(\.self).joined()
        return "\(file)\(place): \(message)"
    }

    /// The description, followed by what to do.
    public var sentence: String {
        let remedy = file == nil ? "Fix codex's configuration" : "Fix the file"
        return "codex cannot use its configuration: \(description). \(remedy); the server then recovers on its own."
    }

    // MARK: Forms

    private typealias Found = (file: String?, line: Int?, column: Int?, message: String)

    private static func read(_ text: String) -> Found {
        if let found = text.wholeMatch(of: /(\/.+?):(\d+):(\d+): (.*)/.dotMatchesNewlines()) {
            return (String(found.1), Int(found.2), Int(found.3), String(found.4))
        }
        let toml = /(?:[^\n]*? (\/[^\n]+?): )?TOML parse error at line (\d+), column (\d+)(.*)/.dotMatchesNewlines()
        if let found = text.wholeMatch(of: toml) {
            return (found.1.map(String.init), Int(found.2), Int(found.3), String(found.4))
        }
        if let found = text.wholeMatch(of: /.*? config (\/.+?): (.*) at line (\d+) column (\d+)/.dotMatchesNewlines()) {
            return (String(found.1), Int(found.3), Int(found.4), String(found.2))
        }
        if let found = text.wholeMatch(of: /[Ff]ailed to read [^\/]*(\/.+?): (.*)/.dotMatchesNewlines()) {
            return (String(found.1), nil, nil, "it cannot be read: \(found.2)")
        }
        return (nil, nil, nil, text)
    }

    private static let leads = [
        "Invalid configuration; using defaults.", "failed to load configuration:",
        "failed to read configuration layers:", "failed to reload config:",
        "failed to resolve feature override precedence:", "invalid configuration:",
        "Ignoring malformed agent role definition:", "Error parsing rules; custom rules not applied.",
    ]

    /// Removes the text about what codex was doing when it found the error.
    private static func withoutLead(_ text: String) -> String {
        var text = Substring(text)
        while true {
            text = text.drop(while: \.isWhitespace)
            guard let lead = leads.first(where: { text.hasPrefix($0) }) else { break }
            text = text.dropFirst(lead.count)
        }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
