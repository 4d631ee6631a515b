import Policy
import Testing

@testable import Access

@Suite struct TrustedProxiesTests {
    @Test(arguments: [
        ("10.0.0.7", "10.0.0.7", true), ("10.0.0.7", "10.0.0.8", false), ("10.0.0.7", "::ffff:10.0.0.7", true),
        ("::ffff:10.0.0.7", "10.0.0.7", true), ("10.0.0.0/8", "10.255.1.2", true), ("10.0.0.0/8", "11.0.0.0", false),
        ("10.0.0.0/8", "::ffff:10.9.9.9", true), ("::ffff:10.0.0.0/104", "10.9.9.9", true),
        ("::ffff:10.0.0.0/104", "11.0.0.1", false), ("192.168.1.128/25", "192.168.1.127", false),
        ("192.168.1.128/25", "192.168.1.200", true), ("10.0.0.7/32", "10.0.0.7", true),
        ("0.0.0.0/1", "127.0.0.1", true),
        ("fd00::/8", "fdff::1", true), ("fd00::/8", "fe00::1", false), ("fd00::7", "FD00:0:0::7", true),
        ("fd00:1:2:3::/64", "fd00:1:2:3:ffff::", true), ("fd00:1:2:3::/64", "fd00:1:2:4::", false),
        ("fd00::1/128", "fd00::2", false), ("::/1", "10.0.0.1", false), ("::/1", "::1", true), ("::1", "::1", true),
        ("10.0.0.0/8", "", false), ("10.0.0.0/8", "10.0.0.1:80", false), ("10.0.0.0/8", "10.0.0.1\u{0}", false),
        ("10.0.0.0/8", "localhost", false), ("10.0.0.10", "::10.0.0.10", false),
    ])
    func contains(entry: String, address: String, expected: Bool) throws {
        #expect(try TrustedProxies([entry]).contains(address: address) == expected)
    }

    @Test(arguments: [
        "", "localhost", "10.0.0", "10.0.0.256", "010.0.0.1", "10.0.0.1:80", "[::1]", "fe80::1%eth0", " 10.0.0.1", "*",
        "10.0.0.1\u{0}", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0.0/８",
        "10.0.0.0/255.0.0.0", "::/129", "0.0.0.0/0", "::/0", "10.0.0.1/8", "fd00::1/64", "10.0.0.0/9999",
    ])
    func badEntriesAreNamed(entry: String) throws {
        let message = try #require(usageError { _ = try TrustedProxies(["127.0.0.1", entry]) })
        #expect(message.contains("\"\(SanitizedText.of(entry))\"") && !message.utf8.contains(0))
    }

    @Test func nobodyIsTrustedByDefault() throws {
        let none = try TrustedProxies()
        #expect(none.isEmpty && !none.contains(address: "127.0.0.1"))
        #expect(try TrustedProxies(["10.0.0.1", "fd00::/8"]).contains(address: "fd00::1"))
    }
}

@Suite struct ProxyIdentityTests {
    private func identity(_ defaultRole: Role? = nil) throws -> ProxyIdentity {
        try ProxyIdentity(roles: ["alice": .approver, "jos\u{E9}": .viewer], defaultRole: defaultRole)
    }

    @Test func aKnownUserHasItsRole() throws {
        let user = try identity().user([" alice\t"])
        #expect(user?.name == "alice" && user?.role == .approver)
        #expect(try identity().user([]) == nil)
        #expect(try identity().header == "X-Forwarded-User")
    }

    @Test func anUnknownUserIsRefusedUnlessThereIsARoleForAll() throws {
        #expect(throws: ProxyIdentity.Refusal.unknownUser("bob")) { try identity().user(["bob"]) }
        #expect(throws: ProxyIdentity.Refusal.unknownUser("Alice")) { try identity().user(["Alice"]) }
        // Equal as Swift strings, different as bytes.
        #expect(throws: ProxyIdentity.Refusal.unknownUser("jose\u{301}")) { try identity().user(["jose\u{301}"]) }
        #expect(try identity(.viewer).user(["bob"])?.role == .viewer)
        #expect(try identity(.viewer).user(["alice"])?.role == .approver)
    }

    @Test(arguments: [
        "", "  \t", "al\u{0}ice", "alice\n", "al\u{7F}ice", "a\u{9B}b", "\u{202E}ecila", "al\u{200B}ice", "a\u{A0}b",
        "a\u{2028}b", "\u{FEFF}alice", "a\tb", "\t\u{301}", "a\u{115F}b", "a\u{E0041}b",
        String(repeating: "a", count: 129), "local user", "Rule",
        "a" + String(repeating: "\u{301}", count: 1_000),
    ])
    func badNamesAreRefused(name: String) throws {
        #expect(throws: ProxyIdentity.Refusal.badName) { try identity(.admin).user([name]) }
    }

    @Test func goodNamesPass() throws {
        for name in ["a", String(repeating: "é", count: 128), "Dr. No <no@example.org>", "李小龙"] {
            #expect(try identity(.viewer).user([name])?.name == name)
        }
    }

    @Test func aRepeatedHeaderIsRefused() throws {
        for values in [["alice", "alice"], ["alice", ""], ["bob, alice"], [",alice"]] {
            #expect(throws: ProxyIdentity.Refusal.repeated) { try identity(.admin).user(values) }
        }
    }

    @Test func whatCannotWorkIsRefusedAtOnce() {
        for header in ["", "X User", "X-User:", "Cookie", "authorization", "X-Forwarded-For", "Ü"] {
            #expect(usageError { _ = try ProxyIdentity(header: header, roles: [:]) } != nil, "\(header)")
        }
        for name in ["", " alice", "a,b", "a\nb"] {
            #expect(usageError { _ = try ProxyIdentity(roles: [name: .viewer]) } != nil, "\(name)")
        }
    }
}
