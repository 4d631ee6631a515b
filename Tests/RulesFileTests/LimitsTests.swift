import Foundation
import Policy
import RulesFile
import Testing

/// Files that an attacker designed to take long or to crash the server.
@Suite struct LimitsTests {
    /// 4 KiB each; the full size in long runs.
    private static let isLong = ProcessInfo.processInfo.environment["RULES_FILE_CASES"] != nil

    private static func filled(_ piece: String, before: String = "", after: String = "") -> String {
        let room = (isLong ? RulesFile.maximumSize : 4_096) - before.utf8.count - after.utf8.count
        return before + String(repeating: piece, count: room / piece.utf8.count) + after
    }

    private static let indented = (0..<1_400).map { String(repeating: " ", count: $0) + "a:\n" }.joined()

    /// Nine levels of nine aliases: 9^9 words if expanded.
    private static let laughs =
        "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
        + (1..<10).map { level in
            "a\(level): &a\(level) [" + [String](repeating: "*a\(level - 1)", count: 9).joined(separator: ",") + "]\n"
        }.joined() + "? *a9\n: x\n? *a9\n: y\n"

    private static let fillings = [
        "[", "{", "- ", "? ", "a: ", "{a: ", "[{", "- - ", "!!x ", "&a ", "*a ", "\"", "|\n", "#", "\n", "a\n",
        "a: b\n", " ",
        "[],", "%", "---\n", "%TAG ! !\n", "''", ": ", "?\n", "-\n", "a:\n", "[\n", "\"a\": ", "? - ", "&a [*a, ", "!<",
        "- |\n",
    ]

    @Test func nothingTakesLong() {
        var texts = Self.fillings.map { ($0, Self.filled($0)) }
        texts += ["[", "{", "{? ", "\"", "'", "|\n ", "a", "rules: [", "floor: {"].flatMap { before in
            ["[],", "a,", "a: ", ":", "\\x41", "a\n ", "{},", "'' "].map {
                (before + $0, Self.filled($0, before: before))
            }
        }
        texts += [("indented", Self.indented), ("laughs", Self.laughs)]
        var slowest: (name: String, time: Duration) = ("", .zero)
        for (name, text) in texts {
            let start = ContinuousClock.now
            do throws(RulesFileError) {
                let file = try Sample.read(text)
                #expect(file.floors == Sample.defaults && file.rules == .none, "\(name.debugDescription)")
            } catch {
                #expect(error.line != nil, "\(name.debugDescription)")
            }
            let time = ContinuousClock.now - start
            if time > slowest.time { slowest = (name, time) }
        }
        // Sanitizers make everything several times slower.
        let bound: Duration = ProcessInfo.processInfo.environment["SANITIZE"] == nil ? .seconds(10) : .seconds(60)
        #expect(slowest.time < bound, "\(slowest)")
        if Self.isLong { print("slowest of \(texts.count) full files: \(slowest)") }
    }

    @Test func aliasesAreNotUnfolded() {
        let error = #expect(throws: RulesFileError.self) { try Sample.read(Self.laughs) }
        #expect(error?.description.contains("anchors and aliases are not read") == true)
    }

    @Test func size() throws {
        let full = "roles: {} #" + String(repeating: " ", count: RulesFile.maximumSize - 11)
        #expect(full.utf8.count == RulesFile.maximumSize)
        _ = try Sample.read(full)
        let error = #expect(throws: RulesFileError.self) { try Sample.read(full + " ") }
        #expect(error?.description == "sre-agent.yaml: is larger than 1048576 bytes")
    }

    @Test func depth() {
        let error = #expect(throws: RulesFileError.self) {
            try Sample.read("a: " + String(repeating: "[", count: 16) + String(repeating: "]", count: 16))
        }
        #expect(error?.description.hasSuffix("is nested too deeply") == true)
    }
}
