/// A program that takes a secret in an option, an operand or an assignment whose name does not show it.
struct KnownProgram: Sendable {
    /// An option that takes a secret.
    struct Option: Sendable {
        /// Where the argument is. Long options also take it after `=`.
        enum Form: Sendable {
            /// `-pX`
            case attached
            /// `-p X`
            case separate
            /// `-pX` or `-p X`
            case either
        }

        /// Without dashes.
        let name: StaticString
        let form: Form
        /// The secret is only the part after this byte: `-u name:X`.
        let delimiter: UInt8?
        /// Only after this word: with other verbs, docker's `-p` is a port.
        let verb: StaticString
        /// … and only the part before this byte, which must be present: `-x name:X@host`.
        let terminator: UInt8?
        /// Short options without an argument, which may precede this one in the same word: `-sSu name:X`.
        let flags: StaticString

        init(
            _ name: StaticString, _ form: Form = .either, behind delimiter: Unicode.Scalar? = nil,
            until terminator: Unicode.Scalar? = nil, of verb: StaticString = "", after flags: StaticString = ""
        ) {
            self.name = name
            self.form = form
            self.delimiter = delimiter.map { UInt8(ascii: $0) }
            self.terminator = terminator.map { UInt8(ascii: $0) }
            self.verb = verb
            self.flags = flags
        }
    }

    /// An argument that is not an option.
    struct Operand: Sendable {
        enum Place: Sendable {
            case number(Int)
            case last
            /// After an operand with a secret name: `put app/password X`.
            case named(Int)
        }

        let place: Place
        /// Operands are counted from after this word, or from the program if it is empty.
        let verb: StaticString
        let delimiter: UInt8?
        /// Only with this short option: `htpasswd -b`.
        let flag: UInt8?
        let terminator: UInt8?

        init(
            _ place: Place, of verb: StaticString = "", behind delimiter: Unicode.Scalar? = nil,
            until terminator: Unicode.Scalar? = nil, with flag: Unicode.Scalar? = nil
        ) {
            self.place = place
            self.verb = verb
            self.delimiter = delimiter.map { UInt8(ascii: $0) }
            self.flag = flag.map { UInt8(ascii: $0) }
            self.terminator = terminator.map { UInt8(ascii: $0) }
        }
    }

    let names: [StaticString]
    let options: [Option]
    let operands: [Operand]
    /// After these verbs the value of each `name=X` is secret, whatever the name.
    let stores: [StaticString]
    /// Words that give the options or operands after them the meaning defined here.
    let verbs: [StaticString]

    /// `others` are verbs that end the effect of an earlier verb.
    init(
        _ names: StaticString..., options: [Option] = [], operands: [Operand] = [], stores: [StaticString] = [],
        others: [StaticString] = []
    ) {
        self.names = names
        self.options = options
        self.operands = operands
        self.stores = stores
        verbs = (options.map(\.verb) + operands.map(\.verb) + stores + others).filter { $0.utf8CodeUnitCount > 0 }
    }

    func has(verb: PackedWord) -> Bool { verbs.contains { PackedWord(stringLiteral: $0) == verb } }

    /// Positions in ``all``, by name.
    static let byName = WordTable(
        all.enumerated().flatMap { position, program in
            program.names.map { (PackedWord(stringLiteral: $0), position) }
        })
}

/// The command that a line calls, as far as it has been scanned.
struct CommandLine {
    let program: Int
    /// The last of the program's verbs so far.
    var verb = PackedWord.none
    /// Up to here, quotes have been looked for.
    var quotesEnd: Int

    init(program: Int, from start: Int) { (self.program, quotesEnd) = (program, start) }

    func has(verb other: StaticString) -> Bool {
        other.utf8CodeUnitCount == 0 || PackedWord(stringLiteral: other) == verb
    }
}
