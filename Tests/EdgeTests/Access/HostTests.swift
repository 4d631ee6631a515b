@testable import Edge
import Testing

/// The host names that the server answers to. Any other name that resolves to it is DNS rebinding.
@Suite struct HostTests {
    static let hosts = HostNames(allowed: ["sre.example.com", "Other.Example"], machine: "box")

    @Test(arguments: [
        "localhost", "localhost:3000", "LocalHost:3000", "127.0.0.1", "127.0.0.1:3000", "10.0.0.7:80", "0.0.0.0:3000",
        "192.168.178.20", "[::1]", "[::1]:3000", "[fe80::1]:3000", "[2001:DB8::7]", "[::ffff:127.0.0.1]:3000", "box",
        "box:3000", "BOX", "sre.example.com", "SRE.Example.COM:443", "other.example:1",
    ])
    func answersTo(_ host: String) {
        #expect(Self.hosts.include(host))
    }

    @Test(arguments: [
        "evil.com", "evil.com:3000", "localhost.evil.com", "127.0.0.1.evil.com", "localhost-evil.com", "evil-localhost",
        "box.evil.com", "boxer", "sre.example.com.evil.com", "xsre.example.com", "example.com", "www.sre.example.com",
        "localhost:evil.com", "localhost:3000.evil.com", "localhost:3000:80", "localhost@evil.com",
        "evil.com@localhost",
        "evil.com#localhost", "evil.com/localhost", "localhost,evil.com", "localhost evil.com", " localhost",
        "localhost ",
        "localhost:-1", "localhost:+80", "localhost:300000", "localhost:３０００", "ｌocalhost", "", ":", ":3000", ".",
    ])
    func doesNotAnswerTo(_ host: String) {
        #expect(!Self.hosts.include(host))
    }

    @Test(arguments: [
        "[::1", "::1", "::1]", "[]", "[]:80", "[::1]evil.com", "[::1].evil.com:80", "[::1]:evil", "[::1%lo]",
        "[evil.com]",
        "[::g]", "127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "127.0.0.1.", "127.0.0", "1.2.3.4.5", "256.0.0.1",
        "127.0.0.1\0.evil.com", "127.0.0.1/24", "-127.0.0.1", "[127.0.0.1]", "[localhost]", "[box]:3000", "\u{212A}ox",
    ])
    func whatOnlyLooksLikeAnAddressIsNone(_ host: String) {
        #expect(!Self.hosts.include(host))
    }

    @Test func aMachineWithoutANameHasNone() {
        let hosts = HostNames(allowed: [], machine: nil)
        #expect(hosts.include("localhost") && !hosts.include("box") && !hosts.include(""))
    }
}
