/// What the last word of a name says about the name.
struct SecretWord: OptionSet, Sendable {
    let rawValue: UInt8

    static let strong = SecretWord(rawValue: 1)
    /// Also occurs in sentences.
    static let weak = SecretWord(rawValue: 2)
    /// Several secrets, or a container of secrets: a member with this name is secret if it is a text, but its contents
    /// are not secret by that name.
    static let plural = SecretWord(rawValue: 4)
    static let header = SecretWord(rawValue: 8)
    /// Session cookies. A session's identifier is mostly harmless, so the value decides.
    static let session = SecretWord(rawValue: 16)
    /// May follow the deciding word: `SECRET_KEY_BASE`, `client-key-data`, `DB_PASSWORD_OLD`.
    static let trailing = SecretWord(rawValue: 32)
    /// `…_KEY` is secret, but not after these words.
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
                "artapi", "bindpass", "sharedkey", "sastoken",
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

    /// A word with one of these endings, without a separator, is strong: `dbpassword`.
    static let strongEnds: [PackedWord] = [
        "password", "passwd", "passphrase", "secret", "apikey", "secretkey", "privatekey", "accesskey", "authkey",
        "storepass", "keypass", "credential",
    ]

    /// The last two letters of every word that can end a secret name, which rules out most names at once.
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
