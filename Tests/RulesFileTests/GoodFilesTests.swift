import Access
import Policy
import RulesFile
import Testing

@Suite struct GoodFilesTests {
    @Test(arguments: [
        "", "\n", "# nothing\n", "\u{FEFF}", "\u{FEFF}# nothing", "---\n", "---\n...\n", "{}",
        "roles:\nfloor:\nproxy:\nrules:\n",
        "roles:\r\nfloor: {}\r\nrules: []\r\n", "roles: {}", "floor:\n  operator: {}\n", "%YAML 1.1\n---\nrules: []\n",
    ])
    func whatSaysNothingChangesNothing(text: String) throws {
        let file = try Sample.read(text)
        #expect(file.methods == MethodPermissions())
        #expect(file.floors == Sample.defaults)
        #expect(file.proxy == nil)
        #expect(file.rules == .none)
    }

    @Test func roles() throws {
        let file = try Sample.read("roles:\n  approver: [thread/delete]\n  admin: [turn/start]\n")
        #expect(file.methods == MethodPermissions(changes: ["thread/delete": .approver, "turn/start": .admin]))
    }

    @Test func floors() throws {
        let file = try Sample.read(
            """
            floor:
              operator: {approvalPolicy: never, sandbox: readOnly, roots: [/srv/work, /srv/link], network: true}
              approver:
                sessionApprovals: false
                roots: any
              local:
                "approvalPolicy": "onFailure"
                lastingApprovals: false
            """)
        var expected = Sample.defaults
        expected[.operator].approvalPolicy = .never
        expected[.operator].sandbox = .readOnly
        expected[.operator].roots = ["/srv/work", "/data/real"]
        expected[.operator].network = true
        expected[.approver].sessionApprovals = false
        expected[.approver].roots = nil
        expected.local.approvalPolicy = .onFailure
        expected.local.lastingApprovals = false
        #expect(file.floors == expected)
    }

    @Test func proxy() throws {
        let file = try Sample.read(
            """
            proxy:
              addresses: [127.0.0.1, 10.0.0.0/8, "fd00::/8"]
              userHeader: X-Remote-User
              users: {alice: approver, no: viewer, 08: admin, "null": operator}
            """)
        let proxy = try #require(file.proxy)
        #expect(proxy.addresses.contains(address: "10.1.2.3"))
        #expect(proxy.addresses.contains(address: "fd00::1"))
        #expect(!proxy.addresses.contains(address: "11.1.2.3"))
        #expect(proxy.identity.header == "X-Remote-User")
        #expect(try proxy.identity.user(["alice"])?.role == .approver)
        #expect(try proxy.identity.user(["no"])?.role == .viewer)
        #expect(try proxy.identity.user(["08"])?.role == .admin)
        #expect(try proxy.identity.user(["null"])?.role == .operator)
        #expect(throws: ProxyIdentity.Refusal.self) { try proxy.identity.user(["8"]) }
    }

    /// Words that YAML 1.1 reads as booleans, numbers, dates or null keep the text that the person wrote.
    @Test func scalarsAreTheTextsThatWereWritten() throws {
        let file = try Sample.read(
            """
            rules:
              - name: 2026-01-01
                decision: allow
                programs: [yes, 7z]
                options: [-20, -n]
                optionsWithValue: {-x: [no, on, ~, null, 08, 1e3, 0x10, 1_000, .inf], -y: any, -z: "any"}
                operands: [any]
                maximumOperands: 0
                directories: [/srv/link]
                roles: [viewer, admin]
            """)
        let expected = try CommandRule(
            name: "2026-01-01", decision: .allow, programs: ["yes", "7z"], options: ["-20", "-n"],
            optionsWithValue: [
                "-x": .oneOf(["no", "on", "~", "null", "08", "1e3", "0x10", "1_000", ".inf"]), "-y": .any, "-z": .any,
            ], operands: .oneOf(["any"]), maximumOperands: 0, directories: ["/data/real"], roles: [.viewer, .admin])
        #expect(file.rules.rules == [expected])
    }

    @Test func aRuleThatAsks() throws {
        let file = try Sample.read(
            "rules: [{name: a, decision: ask, programs: ['*'], subcommands: [a b], arguments: [-r, \"x*\"]}]")
        #expect(
            file.rules.rules == [
                try CommandRule(
                    name: "a", decision: .ask, programs: ["*"], subcommands: ["a b"], arguments: ["-r", "x*"])
            ])
    }

    @Test func lineEndsAndAMarkChangeNothing() throws {
        let text = "floor:\n  operator:\n    network: true\n    roots:\n      - /srv/work\n"
        let expected = try Sample.read(text)
        #expect(expected.floors != Sample.defaults)
        #expect(try Sample.read("\u{FEFF}" + text.replacing("\n", with: "\r\n")) == expected)
        #expect(try Sample.read(text.replacing("\n", with: "\r")) == expected)
    }

    @Test func theExampleChangesNothingButTheRules() throws {
        let file = try Sample.read(Sample.example())
        #expect(file.methods == MethodPermissions())
        #expect(file.floors == Sample.defaults)
        #expect(file.proxy == nil)
        #expect(file.rules.rules.count > 20)
    }

    /// Each commented-out line of the example can be enabled, and shows the default value where it says so.
    @Test func theExampleCanBeSwitchedOn() throws {
        let lines = try Sample.example().split(separator: "\n", omittingEmptySubsequences: false)
        let keys = [
            "viewer: {", "operator: {approval", "approver: ", "admin: {", "local: {", "addresses", "userHeader",
            "users:", "defaultRole",
        ]
        let text = lines.map { line in
            keys.contains { line.hasPrefix("  # \($0)") } ? "  \(line.dropFirst(4))" : String(line)
        }.joined(separator: "\n")
        // `approver` occurs twice in the example's text, but in two maps.
        let file = try Sample.read(text)
        #expect(file.floors == Sample.defaults)
        #expect(file.methods == MethodPermissions(changes: ["thread/delete": .approver]))
        #expect(try file.proxy?.identity.user(["bob"])?.role == .viewer)
    }
}
