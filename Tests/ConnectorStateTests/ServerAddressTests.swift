import ConnectorState
import Testing

@Suite struct ServerAddressTests {
    @Test(
        arguments: [
            ("ws://127.0.0.1:3000", "127.0.0.1:3000 127.0.0.1:3000 /api/v1/sre/socket?session=new"),
            ("http://localhost", "localhost:80 localhost /api/v1/sre/socket?session=new"),
            ("WSS://agent.example.org/", "tls agent.example.org:443 agent.example.org /api/v1/sre/socket?session=new"),
            (
                "https://agent.example.org:8443/sre/socket",
                "tls agent.example.org:8443 agent.example.org:8443 /sre/socket?session=new"
            ),
            ("ws://[::1]:3000", "::1:3000 [::1]:3000 /api/v1/sre/socket?session=new"),
            ("ws://h?approvals=legacy", "h:80 h /api/v1/sre/socket?approvals=legacy&session=new"),
        ])
    func whatIsRead(_ text: String, _ read: String) throws {
        let address = try ServerAddress(text)
        let place = "\(address.isEncrypted ? "tls " : "")\(address.host):\(address.port) \(address.hostHeader)"
        #expect("\(place) \(address.target("session=new"))" == read)
    }

    @Test(
        arguments: [
            "", "127.0.0.1:3000", "ftp://h", "ws://", "ws://:3000", "ws://h:", "ws://h:0", "ws://h:70000", "ws://h:x",
            "ws://[::1", "ws://[::1]3000", "ws://h/a b", "ws://h/\r\nX: y", "ws://h#f", "ws://user:secret@h",
            "ws://h?session=new", "ws://h?a=b&after=3", "ws://h?token=x", "ws://é",
        ])
    func whatIsNoURL(_ text: String) {
        #expect(throws: ServerAddress.Malformed.self) { try ServerAddress(text) }
    }

    @Test func aPasswordIsNotRepeated() {
        do {
            _ = try ServerAddress("ws://user:hunter2@h")
            Issue.record("it was taken")
        } catch {
            #expect(!error.description.contains("hunter2") && error.description.contains("SRE_AGENT_TOKEN"))
        }
    }

    @Test(arguments: [("ws://localhost", true), ("ws://127.1.2.3", true), ("ws://[::1]", true), ("ws://h", false)])
    func whatStaysOnThisMachine(_ text: String, _ isLoopback: Bool) throws {
        #expect(try ServerAddress(text).isLoopback == isLoopback)
    }

    @Test(arguments: [
        ("abc\n", "Bearer abc"), ("  abc  ", "Bearer abc"), ("", nil), ("\n", nil), ("a b", nil), ("é", nil),
    ])
    func tokens(_ text: String, _ header: String?) {
        #expect(BearerToken(text)?.header == header)
    }
}
