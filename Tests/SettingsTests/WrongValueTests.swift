import Settings
import Testing

/// An invalid value gives one line that names its key.
@Suite struct WrongValueTests {
    @Test(arguments: [
        ("PORT", "http", "\"http\" is not a whole number from 0 to 65535"),
        ("PORT", "65536", "\"65536\" is not a whole number from 0 to 65535"),
        ("PORT", "-1", "\"-1\" is not a whole number from 0 to 65535"),
        ("PORT", "80.0", "\"80.0\" is not a whole number from 0 to 65535"),
        ("PORT", " 80", "\" 80\" is not a whole number from 0 to 65535"),
        ("AGENT_MODE", "both", "\"both\" is not one of shared, isolated"),
        ("LOG_LEVEL", "loud", "\"loud\" is not one of trace, debug, info, notice, warning, error, critical"),
        ("DEMO", "maybe", "\"maybe\" is neither 1 nor 0"), ("ALLOW_UNATTENDED", "2", "\"2\" is neither 1 nor 0"),
        ("ALLOW_FULL_ACCESS", "si", "\"si\" is neither 1 nor 0"),
        ("APPROVAL_TIMEOUT", "5m", "\"5m\" is not a whole number from 0 to 31536000"),
        ("APPROVAL_TIMEOUT", "31536001", "\"31536001\" is not a whole number from 0 to 31536000"),
        ("MAX_MESSAGE_BYTES", "1023", "\"1023\" is not a whole number from 1024 to 1073741824"),
        ("DRAIN_TIMEOUT", "3601", "\"3601\" is not a whole number from 0 to 3600"),
        ("CPU_LATENCY_US", "1000001", "\"1000001\" is not a whole number from 0 to 1000000"),
        ("PUBLIC_URL", "sre.example.com", "this is not an http or https address"),
        ("PUBLIC_URL", "ftp://sre.example.com", "this is not an http or https address"),
        ("OPENAI_BASE_URL", "localhost:8080", "this is not an http or https address"),
        (
            "OPENAI_BASE_URL", "http://me:hunter2@h/v1",
            "this address contains a user or a password: leave out what is before the @"
        ),
        (
            "OPENAI_BASE_URL", "https://hunter2@h",
            "this address contains a user or a password: leave out what is before the @"
        ),
        (
            "PUBLIC_URL", "https://me:hunter2@h",
            "this address contains a user or a password: leave out what is before the @"
        ),
        (
            "CONFIG", "workspace/sre-agent.yaml",
            "/srv/app/workspace/sre-agent.yaml lies in WORKSPACE, where the agent could change it"
        ),
        (
            "CONFIG", "/srv/app/workspace/../workspace/a/b",
            "/srv/app/workspace/a/b lies in WORKSPACE, where the agent could change it"
        ),
        ("AUDIT_KEEP_DAYS", "-1", "\"-1\" is not a whole number from 0 to 36500"),
        ("AUDIT_KEEP_BYTES", "1G", "\"1G\" is not a whole number from 0 to 1125899906842624"),
        ("WORKSPACE", "/srv", "must not contain the server's own directory (/srv/app)"),
    ])
    func theErrorNamesTheKeyAndTheReason(_ key: String, _ value: String, _ reason: String) {
        let error = self.error([key: value])
        #expect(error?.description == "\(key): \(reason)")
    }

    @Test func aCertificateAndItsKeyComeTogether() {
        #expect(error(["TLS_CERT": "cert.pem"])?.description == "TLS_KEY: is missing: TLS_CERT is given")
        #expect(error(["TLS_KEY": "key.pem"])?.description == "TLS_CERT: is missing: TLS_KEY is given")
    }

    @Test(arguments: ["PORT", "AGENT_MODE", "DEMO", "PUBLIC_URL"])
    func theErrorIsOneLineWhateverTheValue(_ key: String) {
        let error = self.error([key: "a\nb\rc"])
        #expect(error?.key == key)
        #expect(error?.description.contains(where: \.isNewline) == false)
    }

    @Test(arguments: ["http://", "https://", "https:///", "http", "//x", "javascript:alert(1)"])
    func whatIsNoAddressIsNoPublicURL(_ value: String) {
        #expect(error(["PUBLIC_URL": value])?.key == "PUBLIC_URL")
    }

    /// The origin is compared with the Origin header, and the path is in cookies and links.
    @Test(arguments: [
        "https://sre.example.com?x", "https://sre.example.com#x", "https://h/a?x", "https://h/a#x",
        "https://h/a//b", "https://h/../a", "https://h/.", "https://h/a;b", "https://h/%61", "https://h/a b",
        "https://me@h/a",
    ])
    func aPublicURLHasAPlainPath(_ value: String) {
        #expect(error(["PUBLIC_URL": value])?.key == "PUBLIC_URL")
    }

    @Test(arguments: ["PORT", "DEMO", "AGENT_MODE", "WORKSPACE", "LOG_LEVEL"])
    func noErrorShowsASecret(_ key: String) {
        let error = self.error([key: "/", "OPENAI_API_KEY": "sk-secret"])
        #expect(error.map { "\($0)".contains("sk-secret") } == false)
    }

    private func error(_ values: [String: String]) -> SettingsError? {
        do throws(SettingsError) {
            _ = try Settings(layers: [values], home: "/home/ann", workingDirectory: "/srv/app")
            return nil
        } catch {
            return error
        }
    }
}
