import AuditRecord
import JSON
import TestSupport
import Testing

/// Commands reach codex as a shell script, so secrets are inside nested quotes.
@Suite struct MaskingQuotingTests {
    private let mask = SecretMask(known: ["correct-horse-1"]) { secret in "\(secret.count)".padding16 }

    @Test(arguments: MaskingCorpus.secrets + MaskingCorpus.quoted)
    func secretsAreMaskedInsideAShellsWords(_ sample: MaskingCorpus.Secret) {
        // A line end or a quote in the secret is written differently inside quotes.
        guard !sample.secret.contains(where: { "'\"\\\n$`".contains($0) }) else { return }
        let single = Self.singleQuoted(sample.text), double = Self.doubleQuoted(sample.text)
        for text in [
            "/bin/bash -lc \(single)", "ssh host \(double)", "bash -c \(Self.singleQuoted("bash -c \(single)"))",
            "bash -lc \(Self.singleQuoted("bash -c \(double)"))",
            "bash -c '\(sample.text.replacing("'", with: "'\"'\"'"))'",
        ] {
            #expect(!mask.masked(text).contains(sample.secret), "\(text)\n\(mask.masked(text))")
            let json = JSONValue.object(["command": .string(text)]).description
            #expect(!mask.masked(json).contains(sample.secret), "\(json)\n\(mask.masked(json))")
        }
    }

    @Test(arguments: MaskingCorpus.quoted + MaskingCorpus.continued)
    func quotedAndContinuedSecretsAreMasked(_ sample: MaskingCorpus.Secret) {
        let masked = mask.masked(sample.text)
        #expect(!masked.contains(sample.secret), "\(masked)")
        for rest in sample.stays { #expect(masked.contains(rest), "\(masked)") }
        #expect(mask.masked(masked) == masked, "\(masked)")
    }

    /// Only the secret is masked, not the text around it.
    @Test func quotesAreReadAsTheShellReadsThem() {
        let mark = "[masked:hmac-sha256:\("9".padding16)]"
        for (text, masked) in [
            (#"bash -lc 'DB_PASSWORD='\''swordfish'\'' true'"#, #"bash -lc 'DB_PASSWORD='\''*'\'' true'"#),
            (#"bash -lc 'mysql -p'"'"'swordfish'"'"' x'"#, #"bash -lc 'mysql -p'"'"'*'"'"' x'"#),
            (#"bash -lc 'TOKEN=$'"'swordfish' true""#, #"bash -lc 'TOKEN=$'"'*' true""#),
            (#"sh -c "DB_PASSWORD='"'swordfish'"' $x""#, #"sh -c "DB_PASSWORD='"'*'"' $x""#),
            (#"bash -lc "mysql -p\"swordfish\" x""#, #"bash -lc "mysql -p\"*\" x""#),
            ("mysql --password \\\n  swordfish -e 1", "mysql --password \\\n  * -e 1"),
        ] { #expect(mask.masked(text) == masked.replacing("*", with: mark)) }
    }

    @Test(arguments: MaskingCorpus.harmless)
    func harmlessTextsStayInsideAShellsWords(_ text: String) {
        // Skips texts that even plain quotes change.
        let around = "/bin/bash -lc '\(text)'"
        guard mask.masked(around) == around else { return }
        let quoted = "/bin/bash -lc \(Self.singleQuoted(text))"
        #expect(mask.masked(quoted) == quoted)
    }

    /// Viewers can have chosen texts masked: a tag would reveal when they have found the secret.
    @Test func marksWithoutTags() {
        let viewers = mask.untagged
        #expect(viewers.masked("password=swordfish a") == "password=[masked] a")
        #expect(viewers.masked(mask.masked("password=swordfish a")) == "password=[masked] a")
        #expect(viewers.masked("password=[masked] a") == "password=[masked] a")
        #expect(mask.masked("password=[masked] a") == "password=[masked] a")
        let twice: JSONObject = [
            "key": "[masked]", "text": "Authorization: Basic [masked]", "u": "http://a:[masked]@h",
        ]
        #expect(viewers.masked(twice) == twice)
        for sample in MaskingCorpus.secrets + MaskingCorpus.quoted {
            let masked = viewers.masked(sample.text)
            #expect(!masked.contains(sample.secret) && !masked.contains("hmac"), "\(masked)")
            #expect(viewers.masked(mask.masked(sample.text)) == masked, "\(sample.text)")
            #expect(viewers.masked(masked) == masked, "\(masked)")
        }
    }

    @Test func numbersAreSecretByTheirNames() {
        let object: JSONObject = [
            "db_password": 48_151_623, "otp": [991_133, true, nil], "pin": 1_234, "count": 48_151_623,
            "nested": ["api_key": 1.5],
        ]
        let masked = mask.masked(object)
        let text = JSONValue.object(masked).description
        for secret in ["991133", "1234", "1.5"] { #expect(!text.contains(secret), "\(text)") }
        #expect(masked["count"] == 48_151_623 && masked["db_password"]?.stringValue?.hasPrefix("[masked:") == true)
        #expect(text.contains("true,null"), "\(text)")
    }

    /// With any input: masking terminates, only cuts between characters, and leaves the marks whole.
    @Test func anyQuotingEnds() {
        var random = SeededGenerator(seed: 11)
        let pieces = [
            "'", "\"", "\\", "\n", " ", "'\\''", "'\"'\"'", "password", "=", "-p", "mysql ", "é", "swordfish1", "\\\n",
            "\r\n",
            "n", "$'", "`", "bash -lc '", "sh -c \"",
        ]
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...14, using: &random)
            let text = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            let masked = mask.masked(text)
            #expect(!masked.contains("\u{FFFD}") && !masked.contains("[masked:["), "\(text)")
        }
    }

    private static func singleQuoted(_ text: String) -> String { "'\(text.replacing("'", with: #"'\''"#))'" }

    private static func doubleQuoted(_ text: String) -> String {
        "\"\(text.reduce(into: "") { $0 += "\\\"$`".contains($1) ? "\\\($1)" : "\($1)" })\""
    }
}
