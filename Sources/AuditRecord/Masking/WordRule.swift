/// What a word says about the text after it.
enum WordRule {
    /// `Bearer X`
    case scheme
    /// SQL's `PASSWORD 'X'`
    case quoted
    /// `IDENTIFIED BY 'X'`
    case identified
    /// `getenv("NAME", "X")`, where the name decides
    case lookup
    /// Cisco's `secret 5 X`, `key 7 X`
    case device
    /// `Unseal Key 1: X`
    case numberedKey
    /// `snmp-server community X`
    case community
    /// HAProxy's `stats auth name:X`
    case credentials
    /// `ACL SETUSER name >X`
    case accessRule
    /// `createUser name SHA X`
    case userOfMethod
    /// Docker's `ENV NAME X`
    case variable
    /// `requirepass X`
    case argument
    /// `secret_id    X`, alone on its line
    case column
    /// `set NAME X`, where the name decides
    case setting
    /// `echo X | program`
    case input

    private static let table: [(word: StaticString, rule: WordRule)] = [
        ("auth", .lookup), ("bearer", .scheme), ("basic", .scheme), ("password", .quoted), ("psk", .quoted),
        ("securestring", .quoted),
        ("identified", .identified),
        ("secret", .device), ("key", .device), ("unseal", .numberedKey), ("recovery", .numberedKey),
        ("snmp-server", .community), ("stats", .credentials), ("setuser", .accessRule), ("createuser", .userOfMethod),
        ("env", .variable), ("rocommunity", .argument), ("rwcommunity", .argument), ("rocommunity6", .argument),
        ("rwcommunity6", .argument), ("requirepass", .argument), ("masterauth", .argument), ("bindpw", .argument),
        ("rootpw", .argument), ("rootpwmodpw", .argument), ("proxy_set_header", .setting), ("ssws", .scheme),
        ("define", .lookup), ("xauth", .quoted), ("secret_id", .column),
        ("auth_pass", .argument), ("set", .setting), ("setx", .setting), ("config", .setting), ("setenv", .setting),
        ("get", .lookup), ("getenv", .lookup), ("getproperty", .lookup), ("setproperty", .lookup), ("putenv", .lookup),
        ("setdefault", .lookup), ("getordefault", .lookup),
        ("echo", .input), ("printf", .input), ("yes", .input),
    ]

    static let words: [StaticString] = table.map(\.word)
    static let byWord = WordTable(table.map { (PackedWord(stringLiteral: $0.word), $0.rule) })
}
