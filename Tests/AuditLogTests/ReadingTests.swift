@testable import AuditLog
import AuditRecord
import Foundation
import JSON
import Testing

@Suite struct ReadingTests {
    private func makeLog(_ files: TemporaryLog, _ texts: [String]) throws -> AuditLog {
        let log = try files.open()
        for (number, text) in texts.enumerated() {
            log.note(.sample(number, thread: number.isMultiple(of: 2) ? "even" : "odd", text: text))
        }
        log.writeAndWait(AuditEntry(.serverStarted, at: 5_000))
        return log
    }

    private func export(
        _ log: AuditLog, _ format: ExportFormat, thread: String? = nil, since: Int64? = nil, until: Int64? = nil
    ) throws -> String {
        var bytes: [UInt8] = []
        try log.export(since: since, until: until, thread: thread, format: format) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func pagesAreNewestFirst() throws {
        let files = try TemporaryLog()
        let log = try makeLog(files, (0..<10).map { "echo \($0)" })
        #expect(try log.query(limit: 3).map(\.seq) == [11, 10, 9])
        #expect(try log.query(before: 9, limit: 3).map(\.seq) == [8, 7, 6])
        #expect(try log.query(thread: "odd").map(\.seq) == [10, 8, 6, 4, 2])
        #expect(try log.query(thread: "odd", before: 6, limit: 1).map(\.seq) == [4])
        #expect(try log.query(limit: 0).count == 1)
        log.close()
    }

    /// A hash would allow guessing a short secret.
    @Test func hashesAreNeitherShownNorFound() throws {
        let files = try TemporaryLog()
        let log = try makeLog(files, ["password=swordfish"])
        log.writeAndWait(AuditEntry(.itemCompleted, at: 6_000, digested: ["output": "password=swordfish"]))
        let text = try log.query().map { String(decoding: $0.content, as: UTF8.self) }.joined()
        #expect(text.contains("[masked:hmac-sha256:") && text.contains("outputSha256"))
        let shown = try log.query(withoutHashes: true)
        #expect(shown.count == 3 && shown.allSatisfy { $0.object["seq"] != nil && $0.object["kind"] != nil })
        let visible = shown.map { String(decoding: $0.content, as: UTF8.self) }.joined()
        #expect(visible.contains("password=[masked]") && visible.contains("outputBytes"))
        #expect(!visible.contains("hmac") && !visible.contains("Sha256"))
        for text in ["hmac-sha256:", "outputSha256", "[masked:"] {
            #expect(try log.query(text: text).count == 1)
            #expect(try log.query(text: text, withoutHashes: true).isEmpty, "\(text)")
        }
        #expect(try log.query(text: "PASSWORD=", withoutHashes: true).map(\.seq) == [1])
        log.close()
    }

    /// SQLite's LIKE would take minutes.
    @Test func aSearchIsLinear() {
        let search = TextSearch(String(repeating: "a", count: 999) + "b", withoutHashes: false)
        let text = [UInt8](repeating: UInt8(ascii: "A"), count: 1 << 20)
        let start = ContinuousClock.now
        #expect(!search.matches(text))
        #expect(search.matches(text + [UInt8(ascii: "b")]))
        #expect(ContinuousClock.now - start < .seconds(20))
        for (text, found) in [("aab", "xaaab"), ("abab", "abaabab"), ("", "x")] {
            #expect(TextSearch(text, withoutHashes: false).matches(Array(found.utf8)), "\(text)")
        }
    }

    @Test func searchTakesTextsLiterally() throws {
        let files = try TemporaryLog()
        let log = try makeLog(files, [#"say "hi""#, "100% sure", "a_b", "axb", "two\nlines", "Kubectl GET", "5!"])
        for (text, seq) in [(#"SAY "hi""#, 1), ("100%", 2), ("a_b", 3), ("o\nl", 5), ("kubectl get", 6), ("5!", 7)] {
            #expect(try log.query(text: text).map(\.seq) == [Int64(seq)], "\(text)")
        }
        #expect(try log.query(text: "nowhere").isEmpty)
        #expect(try log.query(text: "").count == 8)
        log.close()
    }

    @Test func linesHoldEverything() throws {
        let files = try TemporaryLog()
        let log = try makeLog(files, ["a", "b"])
        let lines = try export(log, .jsonl).split(separator: "\n")
        #expect(lines.count == 3)
        for (line, row) in zip(lines, try log.query().reversed()) {
            let object = try JSONValue(parsing: String(line))
            #expect(object["seq"]?.intValue == row.seq)
            #expect(object["hash"]?.stringValue == row.hash.hexadecimal)
            #expect(object["previous"]?.stringValue == row.previous.hexadecimal)
            #expect(object["details"] == row.object["details"])
        }
        #expect(try export(log, .jsonl, thread: "odd").split(separator: "\n").count == 1)
        #expect(try export(log, .jsonl, since: 1_001).split(separator: "\n").count == 2)
        #expect(try export(log, .jsonl, since: 1_001, until: 1_002).split(separator: "\n").count == 1)
        log.close()
        var closed: [UInt8] = []
        try AuditLog.export(path: files.path, format: .jsonl) { closed += $0 }
        #expect(String(decoding: closed, as: UTF8.self).split(separator: "\n") == lines)
    }

    @Test func cellsAreQuotedAndNoFormulas() {
        var output: [UInt8] = []
        CSV.write(
            ["plain", "a,b", #"say "x""#, "two\r\nlines", "=1+1", "+1", "-1", "@x", "\tx", "\rx", ""], to: &output)
        #expect(
            String(decoding: output, as: UTF8.self)
                == "plain,\"a,b\",\"say \"\"x\"\"\",\"two\r\nlines\",\"'=1+1\",\"'+1\",\"'-1\",\"'@x\",\"'\tx\",\"'\rx\",\r\n"
        )
    }

    @Test func aTableHasOneHeaderAndAllColumns() throws {
        let files = try TemporaryLog()
        let log = try makeLog(files, ["a"])
        let text = try export(log, .csv)
        let lines = text.split(separator: "\r\n")
        #expect(lines.count == 3)
        #expect(
            lines.first
                == "seq,at,kind,actor,role,address,userAgent,threadId,turnId,itemId,requestId,details,previous,hash")
        #expect(lines[1].hasPrefix("1,1000,decision,alice,approver,10.0.0.7,test,even,turn,item0,q0,"))
        log.close()
    }
}
