// Password hashes. The parameters of the hash method stay.
extension SecretScanner {
    /// The beginnings of ``crypt(at:)`` values, after the first `$`.
    private static let methods: [StaticString] = [
        "1$", "2a$", "2b$", "2y$", "5$", "6$", "7$", "y$", "gy$", "apr1$", "sha1$", "argon2id$", "argon2i$", "argon2d$",
        "scrypt$", "pbkdf2-sha", "pbkdf2$", "P$", "H$", "S$", "8$", "9$", "14$",
    ]

    /// `$6$salt$hash`, as in `/etc/shadow` and in `htpasswd` files.
    func crypt(at dollar: Int) -> Range<Int>? {
        guard let method = Self.methods.first(where: { matches($0, at: dollar + 1) }) else { return nil }
        let start = dollar + 1 + method.utf8CodeUnitCount
        var end = start, field = start
        // One field is long; it must occur within the first ``longestGlance`` bytes.
        while end < bytes.count, end - start < Self.longestGlance, bytes[end].isIn(.crypt), !isHash(field..<end) {
            if bytes[end] == UInt8(ascii: "$") { field = end + 1 }
            end += 1
        }
        guard isHash(field..<end) else { return nil }
        while end < bytes.count, bytes[end].isIn(.crypt) { end += 1 }
        while bytes[end - 1] == UInt8(ascii: ",") { end -= 1 }
        return start..<end
    }

    /// At least twenty bytes that include digits and letters.
    private func isHash(_ field: Range<Int>) -> Bool {
        guard field.count >= 20 else { return false }
        return slice(field).contains { $0.isIn(.digit) } && slice(field).contains { $0.isIn(.letter) }
    }

    /// `{SSHA}hash`, as in LDAP.
    func directoryHash(at brace: Int) -> Range<Int>? {
        guard
            ["{ssha", "{sha", "{smd5", "{md5", "{pbkdf2", "{argon2", "{plain}", "{cleartext}"].contains(where: {
                matchesAnyCase($0, at: brace)
            })
        else { return nil }
        var start = brace + 1
        while start < bytes.count, start - brace < 20, bytes[start].isIn(.word) { start += 1 }
        guard start < bytes.count, bytes[start] == UInt8(ascii: "}") else { return nil }
        start += 1
        var end = start
        while end < bytes.count, bytes[end].isIn(.crypt) { end += 1 }
        let isPlain = matchesAnyCase("{plain", at: brace) || matchesAnyCase("{clear", at: brace)
        return end - start >= (isPlain ? 6 : 20) ? start..<end : nil
    }

    /// Windows's `name:number:LM:NT:::`, and `LM:NT`: hashes of sixteen bytes each.
    func windowsHash(at colon: Int) -> Range<Int>? {
        guard colon + 33 <= bytes.count, isHex(colon + 1, 32) else { return nil }
        let end = colon + 33
        if end < bytes.count, bytes[end] == UInt8(ascii: ":"), end + 33 <= bytes.count, isHex(end + 1, 32) {
            return endsHash(end + 33) ? colon + 1..<end + 33 : nil
        }
        guard colon >= 32, isHex(colon - 32, 32), colon == 32 || !bytes[colon - 33].isIn(.word) else { return nil }
        return endsHash(end) ? colon + 1..<end : nil
    }

    private func isHex(_ start: Int, _ count: Int) -> Bool {
        bytes[start..<start + count].allSatisfy { $0.isIn(.lowerHex | .upperHex) }
    }

    private func endsHash(_ end: Int) -> Bool { end == bytes.count || !bytes[end].isIn(.word) }

    /// MySQL: a star and forty digits, all capitals, with no word characters around.
    func mysqlHash(at star: Int) -> Range<Int>? {
        guard star == 0 || bytes[star - 1].isIn(.space | .stop | .colon) else { return nil }
        let start = star + 1
        var end = start
        while end < bytes.count, end - start <= 40, bytes[end].isIn(.upperHex) { end += 1 }
        guard end - start == 40, end == bytes.count || !bytes[end].isIn(.word) else { return nil }
        return start..<end
    }
}
