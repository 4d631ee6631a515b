/// The name of a variable, a member, a header or an option. It is secret when its last word says so: `GH_TOKEN`,
/// `dbPassword`, `x-api-key`; not `tokenName`, `monkey`, `total_tokens`.
struct SecretName {
    let isSecret: Bool
    /// `Cookie`, `Authorization`: everything up to the end of the line, or of the quotes, belongs to the value.
    let isHeader: Bool
    /// Words like `token` and `key` are also said in sentences ("unexpected token: x"); `password` seldom is.
    let isWeak: Bool

    private static let longest = 64
    private static let strong: [PackedWord] = [
        "password", "passwd", "passphrase", "pwd", "pgpassword", "sshpass", "storepass", "keypass", "secret",
        "credential", "apikey", "apisecret", "authtoken", "accesstoken", "accesskey", "secretkey", "privatekey",
        "clientsecret", "userpass", "passcode", "authorization", "cookie", "webhookurl", "agentsession",
    ]
    private static let weak: [PackedWord] = ["token", "auth", "jwt", "bearer", "otp"]
    private static let headers: [PackedWord] = ["authorization", "cookie"]
    /// `…_KEY` is secret, but not these.
    private static let harmlessKeys: [PackedWord] = [
        "public", "primary", "foreign", "partition", "sort", "cache", "host", "hot", "unique", "shortcut", "object",
        "routing", "idempotency", "group", "lookup", "index", "issue", "project", "s3",
    ]

    init(_ name: String) {
        var name = name
        self = name.withUTF8 { SecretName($0[...]) }
    }

    init(_ name: Bytes) {
        guard Self.endsLikeOne(name) else {
            (isSecret, isHeader, isWeak) = (false, false, false)
            return
        }
        let (before, last) = Self.lastWords(name.suffix(Self.longest))
        let isKey = last == "key" && !before.isEmpty && !Self.harmlessKeys.contains(before)
        // `pass` alone is what tests do.
        let isPass = last == "pass" && !before.isEmpty
        let isStrong = isPass || Self.strong.contains(last) || Self.strong.contains(before.joined(last))
        isSecret = isStrong || isKey || Self.weak.contains(last)
        isHeader = Self.headers.contains(last)
        isWeak = !isStrong && !isKey
    }

    /// The last two letters of the words above: most names are out at once.
    private static func endsLikeOne(_ name: Bytes) -> Bool {
        guard name.count >= 3 else { return false }
        let last = name[name.endIndex - 1].lowercased, before = name[name.endIndex - 2].lowercased
        return switch last {
        case UInt8(ascii: "d"): before == UInt8(ascii: "r") || before == UInt8(ascii: "w")
        case UInt8(ascii: "e"): "sdi".utf8.contains(before)
        case UInt8(ascii: "s"): before == UInt8(ascii: "s")
        case UInt8(ascii: "t"): before == UInt8(ascii: "e") || before == UInt8(ascii: "w")
        case UInt8(ascii: "l"): before == UInt8(ascii: "a") || before == UInt8(ascii: "r")
        case UInt8(ascii: "y"): before == UInt8(ascii: "e")
        case UInt8(ascii: "n"): before == UInt8(ascii: "e") || before == UInt8(ascii: "o")
        case UInt8(ascii: "h"): before == UInt8(ascii: "t")
        case UInt8(ascii: "r"): before == UInt8(ascii: "e")
        case UInt8(ascii: "p"): before == UInt8(ascii: "t")
        default: false
        }
    }

    /// Split at `_`, `-`, `.`, and where a capital follows a small letter.
    private static func lastWords(_ name: Bytes) -> (before: PackedWord, last: PackedWord) {
        var before = PackedWord.none, last = PackedWord.none
        var isEnded = false, wasLower = false
        for byte in name {
            let isBreak = byte == UInt8(ascii: ".") || byte.isIn(.joint)
            if isBreak || wasLower && byte.isIn(.upper) { isEnded = true }
            if !isBreak {
                if isEnded, !last.isEmpty {
                    before = last
                    last = .none
                }
                isEnded = false
                last.append(byte.lowercased)
            }
            wasLower = byte.isIn(.lower)
        }
        return (before, last)
    }
}
