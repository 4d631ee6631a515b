// `--token X`, `-password X`; and options with other names that take a secret in known programs.
extension SecretScanner {
    func option(at start: Int) -> Range<Int>? {
        guard start == 0 || bytes[start - 1].isIn(.space | .stop) || isEscape(start - 2) else { return nil }
        var name = start + 1
        if name < bytes.count, bytes[name] == UInt8(ascii: "-") { name += 1 }
        var end = name
        while end < bytes.count, end - name < 64, bytes[end].isIn(.word) { end += 1 }
        if let option = programOption(name..<end, isLong: name - start == 2) {
            return option.rule.terminator == nil
                ? secret(from: option.value, behind: option.rule.delimiter) : proxySecret(option)
        }
        if let secret = listed(name..<end) { return secret }
        guard end - name >= 3, end < bytes.count, bytes[end] == 0x20 || bytes[end] == 0x09,
            SecretName(slice(name..<end)).isSecret
        else { return nil }
        let value = skipBlanks(from: end)
        return value < bytes.count && bytes[value] != UInt8(ascii: "-") ? secret(from: value, behind: nil) : nil
    }

    /// `["--requirepass", "X"]`, also inside a JSON string.
    private func listed(_ name: Range<Int>) -> Range<Int>? {
        guard layout == nil, name.count >= 3 else { return nil }
        var value = skipEscapes(from: name.upperBound)
        guard matches("\",", at: value), SecretName(slice(name)).isSecret else { return nil }
        value += 2
        while value < bytes.count, value - name.upperBound < 64 {
            let next = skipEscapes(from: value)
            if next > value, next < bytes.count, bytes[next] == UInt8(ascii: "n") {
                value = next + 1
            } else if bytes[value].isIn(.space) {
                value += 1
            } else {
                break
            }
        }
        guard matches("\"", at: skipEscapes(from: value)) else { return nil }
        return quoted(from: value).flatMap(harmlessChecked)
    }

    private func skipEscapes(from start: Int) -> Int {
        var end = start
        while end < bytes.count, end - start < 16, bytes[end] == UInt8(ascii: "\\") { end += 1 }
        return end
    }

    /// The program's option with this name and the start of its argument, if it is one.
    private func programOption(_ name: Range<Int>, isLong: Bool) -> (value: Int, rule: KnownProgram.Option)? {
        guard let command, !name.isEmpty else { return nil }
        for option in KnownProgram.all[command.program].options where command.has(verb: option.verb) {
            if let value = argument(of: option, name, isLong: isLong) { return (value, option) }
        }
        return nil
    }

    /// `-x name:X@host:port`. A whole URL is scanned separately.
    private func proxySecret(_ option: (value: Int, rule: KnownProgram.Option)) -> Range<Int>? {
        guard let word = glance(from: option.value), word.count <= Self.longestGlance,
            option.rule.terminator.map(bytes[word].contains) ?? false,
            !(word.lowerBound..<word.upperBound).contains(where: { matches("://", at: $0) })
        else { return nil }
        return secret(from: option.value, behind: option.rule.delimiter, until: option.rule.terminator)
    }

    private func argument(of option: KnownProgram.Option, _ name: Range<Int>, isLong: Bool) -> Int? {
        let isShort = option.name.utf8CodeUnitCount == 1
        guard !isShort || !isLong else { return nil }
        let isMatch = matches(option.name, at: name.lowerBound)
        let end = name.lowerBound + option.name.utf8CodeUnitCount
        if isMatch, end < bytes.count, !bytes[end].isIn(.space) {
            if option.form == .attached || isShort && option.form == .either && end < name.upperBound { return end }
            if isShort, option.form == .separate { return quoted(from: end) == nil ? nil : end }
            if isShort, option.form == .either { return bytes[end] == UInt8(ascii: "=") ? end + 1 : end }
            return bytes[end] == UInt8(ascii: "=") && !isShort ? end + 1 : nil
        }
        if isShort, !isMatch, let value = bundled(option, name) { return value }
        // `-sSu name:X`: the last of several short options.
        let isLast =
            isShort && option.delimiter != nil && name.count <= 6
            && bytes[name.upperBound - 1] == option.name.utf8Start[0]
        guard option.form != .attached, isMatch && end == name.upperBound || isLast else { return nil }
        let value = skipBlanks(from: name.upperBound)
        guard value > name.upperBound, value < bytes.count, bytes[value] != UInt8(ascii: "-") else { return nil }
        return value
    }

    /// `-sSuname:X`, `-rP X`: the option after others that take no argument.
    private func bundled(_ option: KnownProgram.Option, _ name: Range<Int>) -> Int? {
        let flags = UnsafeBufferPointer(start: option.flags.utf8Start, count: option.flags.utf8CodeUnitCount)
        guard let place = bytes[name].prefix(10).firstIndex(where: { !flags.contains($0) }), place > name.lowerBound,
            bytes[place] == option.name.utf8Start[0]
        else { return nil }
        let end = place + 1
        guard end < bytes.count else { return nil }
        if !bytes[end].isIn(.space) { return option.form == .separate && quoted(from: end) == nil ? nil : end }
        let value = skipBlanks(from: end)
        guard option.form != .attached, value < bytes.count, bytes[value] != UInt8(ascii: "-") else { return nil }
        return value
    }

    /// The command line word that starts here, or the contents of its quotes; with a delimiter, the part after it.
    func secret(from start: Int, behind delimiter: UInt8?, until terminator: UInt8? = nil) -> Range<Int>? {
        var whole = quoted(from: start) ?? start..<unquotedEnd(from: start, query: false)
        guard let delimiter else { return harmlessChecked(whole) }
        if delimiter == UInt8(ascii: ","), whole.upperBound < bytes.count, bytes[whole.upperBound] == delimiter {
            whole = whole.lowerBound..<unquotedEnd(from: whole.upperBound + 1, query: false)
        }
        // The colon of a mark does not count.
        guard let place = bytes[whole].firstIndex(of: delimiter), !matchesAnyCase("[masked", at: place - 7) else {
            return nil
        }
        // `--from-literal=name='X'`, but not the quote that ends `'name:'`
        if place + 1 == whole.upperBound, whole.lowerBound == start, let quoted = quoted(from: place + 1) {
            return harmlessChecked(quoted)
        }
        // `curl -u KEY:`, where the name is the key.
        if place + 1 == whole.upperBound, delimiter == UInt8(ascii: ":"), terminator == nil {
            let name = whole.lowerBound..<place
            return name.count >= 16 && SecretValue.looksRandom(slice(name)) ? harmlessChecked(name) : nil
        }
        let end = terminator.flatMap { bytes[whole].lastIndex(of: $0) } ?? whole.upperBound
        return place < end ? harmlessChecked(place + 1..<end) : nil
    }
}
