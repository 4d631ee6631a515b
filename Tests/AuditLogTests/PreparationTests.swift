@testable import AuditLog
import AuditRecord
import JSON
import Testing

@Suite struct PreparationTests {
    private let preparation: EntryPreparation

    init() throws { preparation = try EntryPreparation(key: SigningKey(), known: [], longestString: 64 << 10) }

    private func content(_ details: JSONObject) throws -> JSONValue {
        try JSONValue(parsing: preparation.prepare(AuditEntry(.alarm, at: 1, details: details)).content)
    }

    @Test func longTextsAreCutAtACharacter() throws {
        let text = "a" + String(repeating: "é", count: 40_000)
        let cut = try #require(try content(["output": .string(text)])["details"]?["output"]?.stringValue)
        #expect(cut.utf8.count < 66_000)
        #expect(cut.hasPrefix("aé"))
        #expect(cut.contains("é[cut: 80001 bytes, sha256:"))
        let fits = String(repeating: "a", count: 64 << 10)
        #expect(try content(["output": .string(fits)])["details"]?["output"]?.stringValue == fits)
    }

    @Test func aSecretAtTheCutIsMaskedWhole() throws {
        let secret = "gh" + "p_" + String(repeating: "a1B2", count: 9)
        let text = String(repeating: "x", count: (64 << 10) - 10) + " " + secret + String(repeating: " y", count: 100)
        let cut = try #require(try content(["output": .string(text)])["details"]?["output"]?.stringValue)
        #expect(!cut.contains("gh" + "p_"))
    }

    @Test func marksDifferBetweenKeysOnly() throws {
        let details: JSONObject = ["password": "hunter2", "again": "password=hunter2"]
        let first = try content(details)["details"]
        let mark = try #require(first?["password"]?.stringValue)
        #expect(mark.hasPrefix("[masked:hmac-sha256:"))
        #expect(first?["again"]?.stringValue == "password=" + mark)
        let other = try EntryPreparation(key: SigningKey(), known: [], longestString: 100)
        let second = try JSONValue(parsing: other.prepare(AuditEntry(.alarm, at: 1, details: details)).content)
        #expect(second["details"]?["password"]?.stringValue != mark)
    }

    @Test func theClientsOwnWordsAreMaskedToo() throws {
        let secret = "gl" + "pat-" + "abcDEF123456ghiJKL78"
        let entry = AuditEntry(.requestRefused, at: 1, userAgent: "curl/8 \(secret)", details: [secret: 1])
        let text = String(decoding: preparation.prepare(entry).content, as: UTF8.self)
        #expect(!text.contains(secret))
    }

    @Test func numbersKeepTheirDigitsAndMembersAreSorted() throws {
        let value = try JSONValue(parsing: #"{"b":1.0,"a":[{"z":1e2,"y":12345678901234567890}],"B":"\u00e9"}"#)
        #expect(
            String(decoding: CanonicalJSON.bytes(of: value), as: UTF8.self)
                == #"{"B":"é","a":[{"y":12345678901234567890,"z":1e2}],"b":1.0}"#)
    }
}
