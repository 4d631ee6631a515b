/// Programs that take a password in a short option, and in which one.
enum KnownProgram: Sendable {
    /// `-pX`
    case attachedP
    /// `-p X`
    case separateP
    /// `-a X`
    case separateA
    /// `-w X`
    case separateW
    /// `-u name:X`
    case userColon
    /// `login -p X` only: elsewhere `-p` is a port.
    case login
    /// netrc: `password X`
    case machine

    static let names: [(name: StaticString, program: KnownProgram)] = [
        ("mysql", .attachedP), ("mysqldump", .attachedP), ("mysqladmin", .attachedP), ("mariadb", .attachedP),
        ("mariadb-dump", .attachedP), ("mysqlimport", .attachedP), ("sshpass", .separateP), ("mongosh", .separateP),
        ("mongo", .separateP), ("mongodump", .separateP), ("redis-cli", .separateA), ("ldapsearch", .separateW),
        ("ldapmodify", .separateW), ("curl", .userColon), ("docker", .login), ("podman", .login), ("helm", .login),
        ("az", .login), ("machine", .machine),
    ]

    static func find(_ matches: (StaticString) -> Bool) -> KnownProgram? { names.first { matches($0.name) }?.program }
}

extension SecretScanner {
    /// `--token X`, `-password X`; and the short options of known programs.
    func option(at start: Int) -> Range<Int>? {
        guard start == 0 || bytes[start - 1].isIn(.space | .stop) else { return nil }
        var name = start + 1
        if name < bytes.count, bytes[name] == UInt8(ascii: "-") { name += 1 }
        var end = name
        while end < bytes.count, end - name < 64, bytes[end].isIn(.word) { end += 1 }
        if let secret = shortOption(name, isLong: name - start == 2) { return secret }
        guard end - name >= 3, end < bytes.count, bytes[end] == 0x20 || bytes[end] == 0x09,
            SecretName(slice(name..<end)).isSecret
        else { return nil }
        return argument(from: end)
    }

    private func shortOption(_ name: Int, isLong: Bool) -> Range<Int>? {
        guard let program, name < bytes.count, !isLong || matches("user ", at: name) else { return nil }
        let after = isLong ? name + 4 : name + 1
        switch (program, bytes[name]) {
        case (.attachedP, UInt8(ascii: "p")):
            guard after < bytes.count, !bytes[after].isIn(.space) else { return nil }
            return harmlessChecked(quoted(from: after) ?? after..<unquotedEnd(from: after, query: false))
        case (.separateP, UInt8(ascii: "p")), (.separateA, UInt8(ascii: "a")), (.separateW, UInt8(ascii: "w")):
            return argument(from: after)
        case (.userColon, UInt8(ascii: "u")):
            let value = skipBlanks(from: after)
            let whole = quoted(from: value) ?? value..<unquotedEnd(from: value, query: false)
            guard let colon = bytes[whole].firstIndex(of: UInt8(ascii: ":")) else { return nil }
            return harmlessChecked(colon + 1..<whole.upperBound)
        default: return nil
        }
    }

    /// The next word of the command line, unless it is another option.
    private func argument(from end: Int) -> Range<Int>? {
        let value = skipBlanks(from: end)
        guard value < bytes.count, value > end, bytes[value] != UInt8(ascii: "-") else { return nil }
        return harmlessChecked(quoted(from: value) ?? value..<unquotedEnd(from: value, query: false))
    }

    /// Words that a secret follows; and programs, which are remembered.
    mutating func wordBeforeSecret(at start: Int, _ word: WordSpan) -> Range<Int>? {
        guard word.end - start <= 12, word.end < bytes.count, bytes[word.end].isIn(.space) else { return nil }
        let isLine = start == 0 || bytes[start - 1] == 0x0A
        switch bytes[start].lowercased {
        case UInt8(ascii: "b") where matchesAnyCase("bearer ", at: start),
            UInt8(ascii: "b") where matchesAnyCase("basic ", at: start):
            let value = skipBlanks(from: word.end)
            let secret = value..<unquotedEnd(from: value, query: false)
            let glance = slice(secret.lowerBound..<min(secret.upperBound, secret.lowerBound + 64))
            let isLong = glance.count >= 12 && SecretValue.looksRandom(glance) || glance.count >= 30
            return isLong ? harmlessChecked(secret) : nil
        case UInt8(ascii: "p") where matchesAnyCase("password ", at: start):
            // SQL's `PASSWORD 'X'`, netrc's `password X`.
            if case .machine = program { return argument(from: word.end) }
            return quoted(from: skipBlanks(from: word.end)).flatMap(harmlessChecked)
        case UInt8(ascii: "i") where matchesAnyCase("identified by ", at: start):
            return quoted(from: skipBlanks(from: start + 14)).flatMap(harmlessChecked)
        case UInt8(ascii: "l") where matches("login ", at: start):
            if case .login = program { program = .separateP }
        default:
            guard isLine || bytes[start - 1] != UInt8(ascii: "-") else { return nil }
            let length = word.end - start
            let found = KnownProgram.find { $0.utf8CodeUnitCount == length && matches($0, at: start) }
            if let found { program = found }
        }
        return nil
    }
}
