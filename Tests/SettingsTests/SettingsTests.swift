@testable import Settings
import Testing

/// The source of each setting's value, and the defaults.
@Suite struct SettingsTests {
    @Test func flagBeatsEnvironmentBeatsDotEnvBeatsDefault() throws {
        let flags = ["PORT": "1"]
        let environment = ["PORT": "2", "HOST": "::1"]
        let dotEnv = ["PORT": "3", "HOST": "::2", "LOG_LEVEL": "debug"]
        let settings = try make([flags, environment, dotEnv])
        #expect(settings.port == 1)
        #expect(settings.host == "::1")
        #expect(settings.logLevel == "debug")
        #expect(settings.agentMode == .shared)
    }

    @Test func anEmptyValueCountsAsNotGiven() throws {
        let settings = try make([["PORT": "", "WORKSPACE": ""], ["PORT": "7"], ["HOST": "", "DEMO": ""]])
        #expect(settings.port == 7)
        #expect(settings.host == "0.0.0.0")
        #expect(settings.workspace == "/srv/app/workspace")
        #expect(!settings.isDemo)
    }

    @Test func defaults() throws {
        let settings = try make([])
        #expect(settings.host == "0.0.0.0")
        #expect(settings.port == 3000)
        #expect(settings.codexBinary == nil)
        #expect(settings.codexHome == "/home/ann/.codex")
        #expect(settings.agentMode == .shared)
        #expect(settings.workspace == "/srv/app/workspace")
        #expect(settings.stateDirectory == "/home/ann/.local/state/sre-agent")
        #expect(!settings.isDemo)
        #expect(settings.openAIKey == nil)
        #expect(settings.openAIBaseURL == "https://api.openai.com/v1")
        #expect(settings.allowedHosts.isEmpty)
        #expect(settings.publicURL == nil)
        #expect(settings.logLevel == "info")
        #expect(settings.tls == nil && settings.rulesFile == nil)
        #expect(settings.auditKey == "/home/ann/.local/state/sre-agent/audit.key")
        #expect(settings.auditKeepDays == nil && settings.auditKeepBytes == nil)
        #expect(!settings.allowsUnattended && !settings.allowsFullAccess)
        #expect(settings.approvalTimeout == .seconds(300))
        #expect(settings.maximumMessageSize == 67_108_864)
        #expect(settings.drainTimeout == .seconds(20))
    }

    @Test(arguments: [
        ("~/codex", "/home/ann/codex"), ("~", "/home/ann"), ("/opt/codex", "/opt/codex"), ("./c", "/srv/app/c"),
        ("c/d", "/srv/app/c/d"), ("~bob/c", "/srv/app/~bob/c"),
    ])
    func pathsStandOnTheHomeOrTheWorkingDirectory(_ path: String, _ absolute: String) throws {
        #expect(try make([["CODEX_HOME": path]]).codexHome == absolute)
        #expect(try make([["STATE_DIR": path]]).stateDirectory == absolute)
    }

    @Test(arguments: [("codex", "codex"), ("./codex", "/srv/app/codex"), ("~/bin/codex", "/home/ann/bin/codex")])
    func aBareProgramNameIsLookedUpLater(_ path: String, _ kept: String) throws {
        #expect(try make([["CODEX_BIN": path]]).codexBinary == kept)
    }

    @Test func theStateDirectoryFollowsXDG() throws {
        #expect(try make([["XDG_STATE_HOME": "/var/state"]]).stateDirectory == "/var/state/sre-agent")
        #expect(try make([["XDG_STATE_HOME": "/var/state", "STATE_DIR": "/s"]]).stateDirectory == "/s")
    }

    @Test(arguments: ["1", "true", "TRUE", "Yes", "on"])
    func whatSwitchesOn(_ word: String) throws {
        let settings = try make([["DEMO": word, "ALLOW_UNATTENDED": word, "ALLOW_FULL_ACCESS": word]])
        #expect(settings.isDemo && settings.allowsUnattended && settings.allowsFullAccess)
    }

    @Test(arguments: ["0", "false", "No", "OFF"])
    func whatSwitchesOff(_ word: String) throws {
        let settings = try make([["DEMO": word, "ALLOW_UNATTENDED": word], ["DEMO": "1", "ALLOW_UNATTENDED": "1"]])
        #expect(!settings.isDemo && !settings.allowsUnattended)
    }

    @Test func listsAndAddresses() throws {
        let settings = try make([
            ["ALLOWED_HOSTS": "a.example, b.example  c", "PUBLIC_URL": "https://sre.example.com//"]
        ])
        #expect(settings.allowedHosts == ["a.example", "b.example", "c"])
        #expect(settings.publicURL?.origin == "https://sre.example.com" && settings.publicURL?.path == "")
    }

    @Test func noApprovalTimeoutWaitsForEver() throws {
        #expect(try make([["APPROVAL_TIMEOUT": "0"]]).approvalTimeout == nil)
        #expect(try make([["APPROVAL_TIMEOUT": "5"]]).approvalTimeout == .seconds(5))
    }

    @Test func noCPULatencyIsTheSystemsAndNotZero() throws {
        #expect(try make([[:]]).cpuLatencyMicroseconds == nil)
        #expect(try make([["CPU_LATENCY_US": "0"]]).cpuLatencyMicroseconds == 0)
    }

    private func make(_ layers: [[String: String]]) throws -> Settings {
        try Settings(layers: layers, home: "/home/ann", workingDirectory: "/srv/app")
    }

    @Test(arguments: [
        ("https://SRE.example.com:443", "https://sre.example.com", ""), ("http://h:80/", "http://h", ""),
        ("https://h:8443/sre", "https://h:8443", "/sre"), ("https://h/Ops/sre-1/", "https://h", "/Ops/sre-1"),
        ("http://[::1]:3000/x", "http://[::1]:3000", "/x"),
    ])
    func aPublicURLIsAnOriginAndAPath(_ text: String, _ origin: String, _ path: String) {
        #expect(PublicURL(text)?.origin == origin)
        #expect(PublicURL(text)?.path == path)
    }
}
