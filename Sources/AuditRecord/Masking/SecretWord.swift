/// What a word says of a name that ends with it.
struct SecretWord: OptionSet, Sendable {
    let rawValue: UInt8

    static let strong = SecretWord(rawValue: 1)
    /// Said in sentences too.
    static let weak = SecretWord(rawValue: 2)
    /// Several, or what holds several: a member of this name is secret when it is a text, not whatever is inside.
    static let plural = SecretWord(rawValue: 4)
    static let header = SecretWord(rawValue: 8)
    /// Cookies that sign somebody in; but a session's identifier is mostly harmless, so its value decides.
    static let session = SecretWord(rawValue: 16)
    /// It may follow the word that says it: `SECRET_KEY_BASE`, `client-key-data`, `DB_PASSWORD_OLD`.
    static let trailing = SecretWord(rawValue: 32)
    /// `…_KEY` is secret, but not behind these.
    static let harmlessKey = SecretWord(rawValue: 64)

    static func of(_ word: PackedWord) -> SecretWord { table[word] ?? [] }

    private static let lists: [(meaning: SecretWord, words: [StaticString])] = [
        (
            .strong,
            [
                "password", "passwd", "passphrase", "pwd", "pgpassword", "sshpass", "storepass", "keypass", "secret",
                "credential", "apikey", "apisecret", "authtoken", "accesstoken", "accesskey", "secretkey",
                "privatekey", "clientsecret", "userpass", "passcode", "webhookurl", "agentsession",
                "psk", "mnemonic", "seedphrase", "recoveryphrase", "recoverycode", "requirepass", "masterauth",
                "rootpw", "bindpw", "dockerconfigjson", "dockercfg", "authtok", "passkey", "jsessionid", "phpsessid",
                "connectsid", "dbpass", "smbpass", "rootpass", "adminpass", "ftppass", "smtppass", "mailpass",
                "bindpass", "sharedkey", "sastoken",
            ]
        ),
        (
            .weak,
            [
                "token", "auth", "jwt", "bearer", "otp", "totp", "cred", "creds", "pin",
            ]
        ),
        (
            .plural,
            [
                "credentials", "secrets", "passwords", "passphrases", "apikeys", "cookies",
            ]
        ),
        (
            .session,
            [
                "session", "sessionid", "sid", "sess", "sessid",
            ]
        ),
        (
            .trailing,
            [
                "base", "data", "value", "string", "old", "new", "prod", "production", "staging", "dev", "live",
                "raw", "plain", "plaintext", "b64", "base64", "encoded", "hash", "current", "previous",
            ]
        ),
        (
            .harmlessKey,
            [
                "public", "primary", "foreign", "partition", "sort", "cache", "host", "hot", "unique", "shortcut",
                "object", "routing", "idempotency", "group", "lookup", "index", "issue", "project", "s3", "map",
                "row", "range", "order", "dedup", "message", "event", "translation", "json", "arrow", "composite",
                "candidate", "label", "tag", "topic", "field", "column", "sha256", "function", "enter", "modifier",
                "search", "registry", "metric", "parameter",
            ]
        ),
        ([.strong, .header], ["authorization", "cookie"]),
    ]

    private static let table = WordTable(
        lists.flatMap { list in list.words.map { (PackedWord(stringLiteral: $0), list.meaning) } })

    /// A word that ends so, without a joint, is strong: `dbpassword`.
    static let strongEnds: [PackedWord] = [
        "password", "passwd", "passphrase", "secret", "apikey", "secretkey", "privatekey", "accesskey", "authkey",
        "storepass", "keypass", "credential",
    ]

    /// The last two letters of all that can be a secret name's last word: most names are out at once.
    static let ends: BytePairs = {
        var ends = BytePairs()
        let others: [StaticString] = ["key", "pass", "pw"]
        for word in lists.filter({ $0.meaning != .harmlessKey }).flatMap(\.words) + others {
            ends.insert(startOf: "\(word)".utf8.suffix(2), anyCase: true)
        }
        // `…_b64`
        for joint in "_-".utf8 { ends.insert(startOf: [joint, UInt8(ascii: "b")], anyCase: true) }
        return ends
    }()
}
