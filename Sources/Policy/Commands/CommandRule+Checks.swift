/// Checks a rule's parameters. An error is better than a rule that can never match or that allows too much.
extension CommandRule.Invalid {
    typealias Invalid = CommandRule.Invalid

    static func programs(_ names: [String], _ decision: CommandRule.Decision) throws(Invalid) -> [WordPattern] {
        guard !names.isEmpty else { throw Invalid(key: "programs", reason: "must name at least one program") }
        if decision == .allow {
            for name in names {
                guard AlwaysAsked.isProgramName(name) else {
                    throw Invalid(
                        key: "programs", reason: "`\(name)` is not a program name: letters, digits, `.`, `_`, `+`, `-`")
                }
                guard !AlwaysAsked.program(name) else {
                    throw Invalid(
                        key: "programs", reason: "`\(name)` cannot be allowed: it runs other commands, or changes them")
                }
            }
        }
        return try patterns(names, key: "programs")
    }

    static func subcommands(_ texts: [String], _ decision: CommandRule.Decision) throws(Invalid) -> [[WordPattern]] {
        var subcommands: [[WordPattern]] = []
        for text in texts {
            let words = text.utf8.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            guard !words.isEmpty else { throw Invalid(key: "subcommands", reason: "one is empty") }
            // Otherwise the real subcommand would be an operand: `--failed` would allow `--failed stop nginx`.
            if decision == .allow, let last = words.last,
                last.utf8.first == UInt8(ascii: "-") || last.utf8.contains(UInt8(ascii: "*"))
            {
                throw Invalid(
                    key: "subcommands",
                    reason: "`\(text)` must end with a word that is not an option and contains no `*`")
            }
            subcommands.append(try patterns(words, key: "subcommands"))
        }
        return subcommands
    }

    static func patterns(_ texts: [String], key: String) throws(Invalid) -> [WordPattern] {
        var patterns: [WordPattern] = []
        for text in texts {
            guard let pattern = WordPattern(text) else {
                throw Invalid(key: key, reason: "`\(text)` can match nothing: one or more printable ASCII characters")
            }
            patterns.append(pattern)
        }
        return patterns
    }

    static func directories(_ paths: [String]) throws(Invalid) -> [String] {
        guard !paths.isEmpty else {
            throw Invalid(key: "directories", reason: "is empty; leave it out for every directory")
        }
        var directories: [String] = []
        for path in paths {
            guard let directory = DirectoryPath.normalized(path) else {
                throw Invalid(key: "directories", reason: "`\(path)` is not an absolute path without `..`")
            }
            directories.append(directory)
        }
        return directories
    }

    static func check(options: [String], withValue: [String: CommandRule.Values]) throws(Invalid) {
        for option in options { try check(option: option, key: "options") }
        for (option, values) in withValue {
            try check(option: option, key: "optionsWithValue")
            if options.contains(option) {
                throw Invalid(key: "optionsWithValue", reason: "`\(option)` is in options too")
            }
            if values == .oneOf([]) {
                throw Invalid(key: "optionsWithValue", reason: "`\(option)` has no value that is allowed")
            }
            try check(values, key: "optionsWithValue")
        }
    }

    static func check(_ values: CommandRule.Values, key: String) throws(Invalid) {
        guard case .oneOf(let texts) = values else { return }
        _ = try patterns(texts, key: key)
    }

    private static func check(option: String, key: String) throws(Invalid) {
        let bytes = Array(option.utf8)
        let body = bytes.drop { $0 == UInt8(ascii: "-") }
        let dashes = bytes.count - body.count
        let isPlain = body.allSatisfy { AlwaysAsked.isAlphanumeric($0) || "-_.".utf8.contains($0) }
        guard (1...2).contains(dashes), !body.isEmpty, isPlain else {
            throw Invalid(key: key, reason: "`\(option)` is not an option: `-a` or `--all`, without a value")
        }
        guard !AlwaysAsked.argument(option) else {
            throw Invalid(key: key, reason: "`\(option)` is always asked")
        }
    }
}
