@testable import Edge
import Session
import Testing

/// Access by host, origin and token.
@Suite struct OriginPolicyTests {
    static let originPolicy = OriginPolicy(
        hosts: HostNames(allowed: ["sre.example.com"], machine: nil), publicOrigin: "https://sre.example.com",
        hasTLS: false)

    @Test(
        arguments: [
            ("localhost:3000", nil), ("localhost:3000", "http://localhost:3000"),
            ("127.0.0.1:3000", "http://127.0.0.1:3000"), ("[::1]:3000", "http://[::1]:3000"),
            ("localhost", "http://localhost"),
            ("localhost:3000", "https://sre.example.com"), ("sre.example.com", "https://sre.example.com"),
            ("10.0.0.7", "https://sre.example.com"),
        ] as [(String, String?)])
    func itsOwnPagesMayUseTheServer(_ host: String, _ origin: String?) throws {
        try Self.originPolicy.checkOrigin(RequestCredentials(host: host, origin: origin))
    }

    @Test(arguments: [
        "null", "", " ", "https://localhost:3000", "http://localhost", "http://localhost:3001",
        "http://localhost:30000", "http://localhost:300",
        "http://localhost:3000.evil.com", "http://localhost:3000@evil.com", "http://localhost:3000/",
        "http://127.0.0.1:3000",
        "http://[::1]:3000", "http://evil.com", "http://localhost.evil.com:3000", "http://evil.com:3000",
        "ftp://localhost:3000", "ws://localhost:3000", "file://", "chrome-extension://localhost:3000", "localhost:3000",
        "//localhost:3000", "http:localhost:3000", "http://user@localhost:3000", " http://localhost:3000",
        "http://localhost:3000 http://evil.com", "http://localhost:3000,http://evil.com", "http://sre.example.com",
        "https://sre.example.com:8443", "https://sre.example.com.evil.com", "https://evil.com/https://sre.example.com",
        "https://xsre.example.com", "http://localhost:3000\0", "http://localhost:3000#",
    ])
    func everyOtherPageIsForeign(_ origin: String) {
        let refusal = #expect(throws: AccessRefusal.self) {
            try Self.originPolicy.checkOrigin(RequestCredentials(host: "localhost:3000", origin: origin))
        }
        #expect(refusal?.status == 403)
    }

    @Test(arguments: [nil, "evil.com", "localhost.evil.com:3000"] as [String?])
    func aForeignHostIsRefusedWhateverTheOrigin(_ host: String?) {
        for origin in [nil, "http://\(host ?? "")", "https://sre.example.com"] {
            let refusal = #expect(throws: AccessRefusal.self) {
                try Self.originPolicy.checkOrigin(RequestCredentials(host: host, origin: origin))
            }
            #expect(refusal?.status == 403)
            #expect(refusal?.message.contains("ALLOWED_HOSTS") == true)
        }
    }

    @Test func theSchemeIsTheServersOwn() throws {
        let secure = OriginPolicy(hosts: Self.originPolicy.hosts, publicOrigin: nil, hasTLS: true)
        try secure.checkOrigin(RequestCredentials(host: "localhost:3000", origin: "https://localhost:3000"))
        #expect(throws: AccessRefusal.self) {
            try secure.checkOrigin(RequestCredentials(host: "localhost:3000", origin: "http://localhost:3000"))
        }
        let refusal = #expect(throws: AccessRefusal.self) {
            try Self.originPolicy.checkOrigin(
                RequestCredentials(host: "localhost:3000", origin: "https://localhost:3000"))
        }
        #expect(refusal?.message.contains("PUBLIC_URL=https://localhost:3000") == true)
    }

    @Test func withoutAPublicAddressNobodyHasIt() {
        let originPolicy = OriginPolicy(hosts: Self.originPolicy.hosts, publicOrigin: nil, hasTLS: false)
        #expect(throws: AccessRefusal.self) {
            try originPolicy.checkOrigin(RequestCredentials(host: "localhost:3000", origin: "https://sre.example.com"))
        }
    }

    @Test func aLongOriginIsCutInTheMessage() {
        let refusal = #expect(throws: AccessRefusal.self) {
            try Self.originPolicy.checkOrigin(
                RequestCredentials(host: "localhost", origin: String(repeating: "x", count: 100_000)))
        }
        #expect((refusal?.message.count ?? 0) < 300)
    }
}
