/// The arguments with which a program is allowed. An explicit list: a command with any other argument is asked.
struct AllowedArguments: Sendable, Hashable {
    /// Words directly after the program; one of these must match. Empty: the program has no subcommands.
    let subcommands: [[WordPattern]]
    /// Words starting with `-` that take no value.
    let options: Set<String>
    /// Options whose value is the next word, or follows a `=`.
    let optionsWithValue: [String: CommandRule.Values]
    /// The words that are neither options nor option values.
    let operands: CommandRule.Values
    let maximumOperands: Int?

    func permit(_ arguments: ArraySlice<String>) -> Bool {
        if arguments.contains(where: AlwaysAsked.argument) { return false }
        if subcommands.isEmpty { return permitRest(arguments) }
        return subcommands.contains { words in
            words.count <= arguments.count && zip(words, arguments).allSatisfy { $0.allows($1) }
                && permitRest(arguments.dropFirst(words.count))
        }
    }

    private func permitRest(_ arguments: ArraySlice<String>) -> Bool {
        var count = 0
        var rest = arguments
        while let word = rest.popFirst() {
            if !word.utf8.starts(with: "-".utf8) {
                count += 1
                guard operands.permit(word), count <= maximumOperands ?? .max else { return false }
            } else if let values = optionsWithValue[word] {
                guard let value = rest.popFirst(), values.permit(value) else { return false }
            } else if !options.contains(word), !permitsJoined(word) {
                return false
            }
        }
        return true
    }

    /// `--since=1h`; `-n20`; `-hP`, if each letter is an option.
    private func permitsJoined(_ word: String) -> Bool {
        let bytes = Array(word.utf8)
        guard bytes.count > 2 else { return false }
        if bytes[1] == UInt8(ascii: "-") {
            guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")) else { return false }
            let name = String(decoding: bytes[..<equals], as: UTF8.self)
            let value = String(decoding: bytes[(equals + 1)...], as: UTF8.self)
            return optionsWithValue[name]?.permit(value) ?? false
        }
        // Numbers only: a program may have an option `-nfoo`.
        if let values = optionsWithValue[String(decoding: bytes[..<2], as: UTF8.self)] {
            let isNumber = bytes.dropFirst(2).allSatisfy { (0x30...0x39).contains($0) }
            return isNumber && values.permit(String(decoding: bytes[2...], as: UTF8.self))
        }
        return bytes.dropFirst().allSatisfy { byte in
            AlwaysAsked.isAlphanumeric(byte) && options.contains("-\(Character(Unicode.Scalar(byte)))")
        }
    }
}

extension CommandRule.Values {
    fileprivate func permit(_ word: String) -> Bool {
        switch self {
        case .any: !word.utf8.starts(with: "-".utf8)
        case .oneOf(let texts): texts.contains { WordPattern($0)?.allows(word) ?? false }
        }
    }
}
