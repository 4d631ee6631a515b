import Foundation
import Policy
import RulesFile
import Testing

/// Damaged files: no crash, no partial value, and an error with a position.
@Suite struct MutationTests {
    /// Short, so that each change matters.
    private static let short = """
        roles:
          approver: [thread/delete]
        floor:
          operator: {approvalPolicy: onRequest, sandbox: readOnly, roots: [/srv/work], network: false}
          local:
            sandbox: workspaceWrite
            roots:
              - /srv/work
              - /srv/link
        proxy:
          addresses: [127.0.0.1, 10.0.0.0/8]
          users: {alice: approver, "bob": viewer}
          defaultRole: viewer
        rules:
          - name: disk space   # a comment
            decision: allow
            programs: [df]
            options: [-a, --all]
            optionsWithValue: {-t: ["*"], -x: any}
            operands: any
            maximumOperands: 2
            directories: [/srv]
          - {name: 'no', decision: deny, programs: ["mkfs*"], roles: [viewer]}

        """

    /// `RULES_FILE_CASES` sets a larger number of files.
    @Test func damagedFiles() throws {
        let environment = ProcessInfo.processInfo.environment["RULES_FILE_CASES"]
        let cases = environment.flatMap { Int($0) } ?? 3_000
        let short = Array(Self.short.utf8)
        let example = Array(try Sample.example().utf8)
        var loaded = 0
        var withoutLine: [String: Int] = [:]
        var slowest = Duration.zero
        for seed in 0..<UInt64(cases) {
            var mutation = Mutation(seed: seed)
            // The example is long and slow, so only every hundredth file uses it.
            let text = mutation.changed(seed % 100 == 99 ? example : short)
            let start = ContinuousClock.now
            do throws(RulesFileError) {
                let file = try Sample.read(text)
                loaded += 1
                check(file, text, seed)
            } catch {
                check(error, text, seed)
                for problem in error.problems where problem.line == nil { withoutLine[problem.reason, default: 0] += 1 }
            }
            slowest = max(slowest, ContinuousClock.now - start)
        }
        #expect(loaded > cases / 50, "the damage is too great to say anything")
        #expect(loaded < cases, "the damage is too small to say anything")
        #expect(withoutLine.isEmpty)
        #expect(slowest < .seconds(5))
        if environment != nil { print("\(cases) cases, \(loaded) loaded, slowest \(slowest)") }
    }

    private func check(_ error: RulesFileError, _ text: String, _ seed: UInt64) {
        let lines = text.utf8.count { $0 == 0x0A || $0 == 0x0D } + 1
        let isGood =
            (1...RulesFileError.maximumProblems).contains(error.problems.count)
            && error.problems.allSatisfy { problem in
                (1...lines).contains(problem.line ?? 1) && !problem.reason.isEmpty && problem.key != ""
            }
            && error.description.utf8.count { $0 == 0x0A } == error.problems.count - 1
            && error.description.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control }
        if !isGood { Issue.record("seed \(seed): \(error)") }
    }

    /// A value that is laxer than the default requires the matching word in the text.
    private func check(_ file: RulesFile, _ text: String, _ seed: UInt64) {
        var asked: [String] = []
        let pairs =
            [(file.floors.local, Sample.defaults.local)]
            + Role.allCases.map { (file.floors[$0], Sample.defaults[$0]) }
        for (floor, before) in pairs {
            if floor.approvalPolicy > before.approvalPolicy { asked.append(floor.approvalPolicy.rawValue) }
            if floor.sandbox > before.sandbox { asked.append(floor.sandbox.rawValue) }
            if floor.network && !before.network { asked.append("network") }
            if floor.sessionApprovals && !before.sessionApprovals { asked.append("sessionApprovals") }
            if floor.lastingApprovals && !before.lastingApprovals { asked.append("lastingApprovals") }
            if floor.roots != before.roots {
                asked += floor.roots?.map { $0 == "/data/real" ? "/srv/link" : $0 } ?? ["any"]
            }
        }
        asked += file.rules.rules.map(\.name)
        if file.proxy != nil { asked.append("addresses") }
        for role in Role.allCases where role != .admin {
            let before = MethodPermissions()
            asked += file.methods.methods(of: role).filter { before.roleNeeded(for: $0) != role }
        }
        // Escapes in quotes can spell any word, and a text may continue in the next line.
        guard !text.contains("\\") else { return }
        let words = text.filter { !$0.isWhitespace }
        for word in asked where !words.contains(word.filter { !$0.isWhitespace }) {
            Issue.record("seed \(seed): `\(word)` stands nowhere in the text")
        }
    }
}
