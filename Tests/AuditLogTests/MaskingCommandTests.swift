import AuditRecord
import Foundation
import JSON
import TestSupport
import Testing

/// What a shell runs stays visible: a command cannot be hidden by making it look like a secret.
@Suite struct MaskingCommandTests {
    private let mask = SecretMask(known: ["correct-horse-1"]) { secret in "\(secret.count)".padding16 }

    /// The command as codex runs it and as people read it; from agents also as an array.
    private func forms(of command: String) -> [JSONObject] {
        let quoted = "/bin/bash -lc '\(command.replacing("'", with: #"'\''"#))'"
        return [
            ["command": .string(command)], ["command": .string(quoted)], ["argv": ["bash", "-lc", .string(command)]],
        ]
    }

    @Test(arguments: MaskingCorpus.hiding)
    func commandsStayVisible(_ command: String) {
        #expect(command.contains(MaskingCorpus.visible))
        for form in forms(of: command) {
            let masked = JSONValue.object(mask.masked(form)).description
            #expect(masked.contains(MaskingCorpus.visible), "\(masked)")
        }
    }

    @Test(arguments: MaskingCorpus.severalLines + MaskingCorpus.separated)
    func quotedTextsAreMaskedAsAWhole(_ sample: MaskingCorpus.Sample) {
        for form in forms(of: sample.text) + [["text": .string(sample.text)]] {
            let masked = JSONValue.object(mask.masked(form)).description
            for secret in sample.secrets { #expect(!masked.contains(secret), "\(masked)") }
            #expect(masked.contains("[masked:"), "\(masked)")
            for rest in sample.stays { #expect(masked.contains(rest), "\(masked)") }
        }
    }

    /// A word of a command is masked as in other texts. Not YAML without quotes, whose lines a shell would run, nor lines
    /// that only other programs join.
    @Test(arguments: MaskingCorpus.secrets + MaskingCorpus.quoted + MaskingCorpus.continued)
    func secretsInCommandsAreMasked(_ sample: MaskingCorpus.Secret) {
        guard !["|\n", ">-\n", "\\\r\n"].contains(where: sample.text.contains) else { return }
        let masked = mask.masked(command: sample.text)
        #expect(!masked.contains(sample.secret), "\(sample.text)\n\(masked)")
        #expect(mask.masked(command: masked) == masked, "\(masked)")
    }

    @Test(arguments: MaskingCorpus.harmless)
    func harmlessCommandsStay(_ text: String) {
        #expect(mask.masked(command: text) == text)
    }

    /// Pieces after each of which the scanner looks for a secret further on.
    @Test(arguments: [
        "chpasswd <<E\n", "--token '", "vault put a='", "Cookie: a=\"", "password: |\n  ", "curl -u '", "password=\"",
        "-----BEGIN A PRIVATE KEY-----\n", "-----BEGIN A PRIVATE KEY-----", "password=\\\"", "mysql -e ';' -p", "$(",
        "`",
        "bash -c '", "\"$(bash -c \"", "x \"", "Authorization: Bearer \\", "<<E\n", "echo '", "a|", "password=$'", "${",
        "echo a | sudo -S ", "Cookie: a=b; c=d", "((", "case x in ", "sh <(echo 'a' ", "env -S 'a' ", "X=a; $X ",
        "echo 'a' | { ", "set -- a; $@ ", "'$(a", "sed s/a/e", "f() { ", "git -c a=!", "redis-cli auth $(",
    ])
    func timeIsLinear(_ piece: String) {
        for isCommand in [false, true] {
            // Quadratic time would be 64 times as long.
            let short = max(time(piece, 4_000, isCommand), 0.005), long = time(piece, 32_000, isCommand)
            #expect(long < short * 32, "\(isCommand): \(short) s, \(long) s")
        }
    }

    /// Each here-document without a colon once cost a search through 4 KB.
    @Test func hereDocumentsTakeLittleTime() {
        let others = time("chpasswd >>E\n", 24_000, false), documents = time("chpasswd <<E\n", 24_000, false)
        #expect(documents < others * 15, "\(documents) s, \(others) s")
    }

    private func time(_ piece: String, _ count: Int, _ isCommand: Bool) -> Double {
        let text = String(repeating: piece, count: count / piece.utf8.count)
        let start = Self.processorTime()
        _ = isCommand ? mask.masked(command: text) : mask.masked(text)
        return Self.processorTime() - start
    }

    /// Of this thread, in seconds: other tests run at the same time.
    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
