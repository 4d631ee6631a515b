import AuditRecord
import Foundation
import JSON
import TestSupport
import Testing

/// The corpus is in `MaskingCorpus`. It assembles secrets at run time, so that none appears in the source as in a leak.
@Suite struct MaskingTests {
    private let mask = SecretMask(known: ["correct-horse-1"]) { secret in "\(secret.count)".padding16 }

    @Test(arguments: MaskingCorpus.secrets + MaskingCorpus.dailyTexts)
    func secretsAreMasked(_ sample: MaskingCorpus.Secret) {
        let masked = mask.masked(sample.text)
        #expect(!masked.contains(sample.secret), "\(sample.text)\n\(masked)")
        #expect(masked.contains("[masked:hmac-sha256:"), "\(masked)")
        for rest in sample.stays { #expect(masked.contains(rest), "\(masked)") }
        #expect(mask.masked(masked) == masked, "\(masked)")
    }

    /// In nested JSON, in quotes, at the end of a text: wherever a text may be quoted.
    @Test(arguments: MaskingCorpus.secrets + MaskingCorpus.dailyTexts)
    func secretsAreMaskedInsideJSON(_ sample: MaskingCorpus.Secret) {
        let value = JSONValue.object(["output": .string(sample.text)])
        let text = JSONValue.string(value.description).description
        guard !sample.secret.contains("\""), !sample.secret.contains("\n") else { return }
        #expect(!mask.masked(text).contains(sample.secret), "\(mask.masked(text))")
    }

    @Test(arguments: MaskingCorpus.harmless)
    func harmlessTextsStay(_ text: String) { #expect(mask.masked(text) == text) }

    @Test func thereAreEnoughOfThem() {
        #expect(MaskingCorpus.secrets.count >= 380)
        #expect(MaskingCorpus.harmless.count >= 240)
    }

    @Test func membersAreSecretByTheirNames() throws {
        let object: JSONObject = [
            "password": "swordfish", "env": ["DB_PASS": "swordfish", "HOME": "/root"], "apiKey": "swordfish",
            "headers": ["Authorization": "Basic swordfish", "cookie": ["a": "swordfish"], "Accept": "*/*"],
            "tokenUsage": ["totalTokens": 5], "tokenName": "alice", "threadId": "t1", "sessionId": "s1",
            "argv": ["deploy", "--token", "swordfish", "--dry-run"], "token": nil, "secret": "",
        ]
        let text = JSONValue.object(mask.masked(object)).description
        #expect(!text.contains("swordfish"))
        for rest in [
            "/root", "*/*", "\"totalTokens\":5", "alice", "t1", "s1", "deploy", "--dry-run", "\"secret\":\"\"",
        ] {
            #expect(text.contains(rest), "\(text)")
        }
    }

    /// Objects that hold several secrets have their own member names.
    @Test func pluralMembersAreNotSecretAsAWhole() {
        let object: JSONObject = [
            "imagePullSecrets": [["name": "registry"]], "secrets": ["enabled": "always", "db_password": "swordfish"],
            "SecretString": "swordfish", "credentials": "swordfish", "client-key-data": "swordfish",
        ]
        let text = JSONValue.object(mask.masked(object)).description
        #expect(!text.contains("swordfish"))
        for rest in ["registry", "always"] { #expect(text.contains(rest), "\(text)") }
    }

    /// A program's arguments as array elements.
    @Test func optionsOfProgramsAreMaskedInArrays() {
        let calls: [[JSONValue]] = [
            ["sshpass", "-p", "swordfish", "ssh", "-p", "2222", "host"],
            ["/usr/bin/mysql", "-u", "root", "-pswordfish"],
            ["sudo", "curl", "-u", "alice:swordfish", "https://x.example"],
            ["zip", "-P", "swordfish", "two words.zip"],
            ["bash", "-lc", "mysql -pswordfish shop"], ["htpasswd", "-b", "file", "alice", "swordfish"],
        ]
        for call in calls {
            let text = JSONValue.object(mask.masked(["argv": .array(call)])).description
            #expect(!text.contains("swordfish"), "\(text)")
            #expect(text.contains("masked:"), "\(text)")
        }
        // No element is lost if a secret spans several of them.
        let header = mask.masked([
            "argv": ["curl", "-H", "Cookie:", "a=b", "http://h"], "n": ["curl", 1, nil, ["a b"]],
        ])
        guard case .array(let words)? = header["argv"] else { return #expect(Bool(false), "no array") }
        #expect(words.count == 5 && header["n"] == ["curl", 1, nil, ["a b"]])
        let harmless: JSONObject = ["argv": ["docker", "run", "-p", "8080:80", "nginx"], "words": ["one", "two"]]
        #expect(mask.masked(harmless) == harmless)
    }

    /// The text between a keyword and its secret is masked too.
    @Test func secretsBeforeAComingOneAreMasked() {
        let masked = mask.masked("mc alias set shop https://a:swordfish@h KEY hunter22 && ls")
        #expect(!masked.contains("swordfish") && !masked.contains("hunter22"), "\(masked)")
        #expect(masked.contains("@h KEY ") && masked.hasSuffix(" && ls"), "\(masked)")
    }

    @Test func knownSecretsAreMaskedAnywhere() {
        #expect(mask.masked("xcorrect-horse-1y") == "x[masked:hmac-sha256:\("15".padding16)]y")
        #expect(SecretMask(known: ["short"]) { _ in "" }.masked("a short one") == "a short one")
    }

    @Test func theSameSecretHasTheSameMark() {
        let twice = mask.masked("password=abc password=abc")
        let parts = twice.split(separator: " ")
        #expect(parts.count == 2 && parts.first == parts.last)
    }

    /// With any input: masking terminates, stays within the text, and masks no mark.
    @Test func anyTextEnds() {
        var random = SeededGenerator(seed: 7)
        let pieces = [
            "password", "=", ":", " ", "\"", "'", "\\", "\n", "--", "-p", "mysql ", "curl -u ", "eyJ", ".", "sk-",
            "AKIA",
            "-----BEGIN ", "PRIVATE KEY-----", "://", "@", "token", "é", "$", "{", "[masked:hmac-sha256:",
            "a1B2c3d4e5f6g7h8i9j0",
            "Authorization", "Bearer ", "\u{0}", "hooks.slack.com/services/", "identified by ", "&", "sig",
            "$6$", "{SSHA}", "*", "echo ", "|", "chpasswd", "<<EOF", "EOF", "\\n", "vault ", "login ", "kv put ",
            "pass",
            "set ", "value", "name", "<password>", "</", "htpasswd -b ", "a:5432:b:c:", "1234567:AA", "glc_", "1//0",
            "%", "<<< ", "sudo -S ", "$'", "stringData:", "{", "get(", "Digest a=\"", "\\ ", "Unseal Key ", "<![CDATA[",
            "s.",
        ]
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...12, using: &random)
            let text = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            let twice = mask.masked(mask.masked(text))
            // Except for inputs that contain half a mark.
            if !text.contains("[masked:") { #expect(!twice.contains("[masked:["), "\(text)") }
        }
    }
}

extension String {
    var padding16: String { String(repeating: "0", count: Swift.max(0, 16 - count)) + self }
}
