/// A value that cannot be used. One line that names the key and never shows a secret.
public struct SettingsError: Error, Sendable, Hashable, CustomStringConvertible {
    public let key: String
    public let reason: String

    public init(key: String, reason: String) {
        self.key = key
        self.reason = reason
    }

    public var description: String {
        "\(key): \(reason)".split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}

/// The server's settings. A flag overrides the environment, which overrides `.env`, which overrides the default.
public struct Settings: Sendable {
    public enum AgentMode: String, Sendable, CaseIterable {
        /// One supervised agent process for all sessions.
        case shared
        /// An agent process for each session.
        case isolated
    }

    /// `HOST`: the address to listen on. Default 0.0.0.0.
    public let host: String
    /// `PORT`: 0 takes any free port. Default 3000.
    public let port: Int
    /// `CODEX_BIN`. Nil: the server looks for the pinned runtime, then in PATH.
    public let codexBinary: String?
    /// `CODEX_HOME`. Default ~/.codex, as in codex.
    public let codexHome: String
    /// `AGENT_MODE`. Default shared.
    public let agentMode: AgentMode
    /// `WORKSPACE`: the directory of threads that name none. Default ./workspace.
    public let workspace: String
    /// `STATE_DIR`: the directory for everything the server stores. Default $XDG_STATE_HOME/sre-agent.
    public let stateDirectory: String
    /// `DEMO`: answer with the built-in demo model. Default no.
    public let isDemo: Bool
    /// `OPENAI_API_KEY`: a secret. Used if codex has no signed-in account.
    public let openAIKey: String?
    /// `OPENAI_BASE_URL`: where requests with that key go. Default https://api.openai.com/v1.
    public let openAIBaseURL: String
    /// `ALLOWED_HOSTS`: more host names under which the server answers, separated by commas.
    public let allowedHosts: [String]
    /// `PUBLIC_URL`: where people reach the server, if not by its own name.
    public let publicURL: PublicURL?
    /// `TLS_CERT`, `TLS_KEY`: PEM files. Both or none; default none.
    public let tls: TLSFiles?
    /// `CONFIG`: the file with roles, floors and rules (`sre-agent.yaml`). Default none.
    public let rulesFile: String?
    /// `AUDIT_KEY`: the key that signs the record; its public key is next to it. Default STATE_DIR/audit.key.
    public let auditKey: String
    /// `AUDIT_KEEP_DAYS`: older rows of the record are removed. Nil, the default: none.
    public let auditKeepDays: Int?
    /// `AUDIT_KEEP_BYTES`: the oldest rows beyond this size are removed. Nil, the default: none.
    public let auditKeepBytes: Int?
    /// `LOG_LEVEL`: trace, debug, info, notice, warning, error or critical. Default info.
    public let logLevel: String
    /// `ALLOW_UNATTENDED`: users other than the local user may start threads that never ask. Default no.
    public let allowsUnattended: Bool
    /// `ALLOW_FULL_ACCESS`: threads may be started without a sandbox. Default no.
    public let allowsFullAccess: Bool
    /// `AGENT_USER`: a name, an id, or root: the user that runs codex and its commands if the server runs as root. Nil,
    /// the default: the owner of WORKSPACE, or ``unnamedAgentUser`` if that is root.
    public let agentUser: String?
    /// A user ID without a name, used if no agent user exists. Outside the ranges that Debian and systemd assign.
    public static let unnamedAgentUser: UInt32 = 64_737
    /// `ALLOW_WITHOUT_KERNEL_GATE`: threads may be opened even where the kernel cannot stop unapproved programs.
    /// Default no.
    public let allowsWithoutKernelGate: Bool
    /// `APPROVAL_TIMEOUT`: seconds after which an unanswered question is declined; 0 waits forever. Default 300.
    public let approvalTimeout: Duration?
    /// `MAX_MESSAGE_BYTES`: the largest message. Default 64 MiB.
    public let maximumMessageSize: Int
    /// `SESSION_KEEP`: seconds that a resumable session waits without a socket. Default 900.
    public let sessionKeep: Duration
    /// `REPLAY_FRAMES`: frames kept for each resumable session. Default 10,000.
    public let replayFrames: Int
    /// `REPLAY_BYTES`: bytes kept for each resumable session, and bytes that may wait for a slow client. Default 16
    /// MiB.
    public let replayBytes: Int
    /// `MAX_SOCKETS`: open WebSockets in total. Default 4,096.
    public let maximumSockets: Int
    /// `MAX_SOCKETS_PER_ADDRESS`: open WebSockets per client address. Default 2,048.
    public let maximumSocketsPerAddress: Int
    /// `MAX_FRAMES_PER_SECOND`: per client. Default 20,000.
    public let maximumFramesPerSecond: Int
    /// `MAX_BYTES_PER_SECOND`: per client. Default 128 MiB.
    public let maximumBytesPerSecond: Int
    /// `MAX_REQUESTS_IN_FLIGHT`: per client. Default 1,000.
    public let maximumRequestsInFlight: Int
    /// `WEBHOOK_URL`: receives a POST for every approval that begins to wait. May hold a secret.
    public let webhookURL: String?
    /// `WEBHOOK_COMMANDS`: the webhook receives the text of the question. Default no.
    public let webhookIncludesCommands: Bool
    /// `CPU_LATENCY_US`: the longest time, in microseconds, that a core may take to wake up while messages flow; 0
    /// keeps cores awake. Nil, the default: the system's setting.
    public let cpuLatencyMicroseconds: Int?
    /// `DRAIN_TIMEOUT`: seconds that running turns get when the server stops. Default 20.
    public let drainTimeout: Duration
    /// The keys of all settings.
    public let keys: Set<String>

    public struct TLSFiles: Sendable, Hashable {
        public let certificate: String
        public let key: String
    }

    /// `layers` are in order of precedence: the first wins. An empty value counts as missing. Throws ``SettingsError``
    /// for the first value that cannot be used.
    public init(layers: [[String: String]], home: String, workingDirectory: String) throws(SettingsError) {
        let values = Values(layers: layers)
        func absolute(_ path: String) -> String {
            if path == "~" || path.hasPrefix("~/") { return Paths.normalized(home + path.dropFirst()) }
            return Paths.normalized(path.hasPrefix("/") ? path : "\(workingDirectory)/\(path)")
        }
        host = values["HOST"] ?? "0.0.0.0"
        port = try values.integer("PORT", 0...65_535) ?? 3000
        codexBinary = values["CODEX_BIN"].map { $0.contains("/") ? absolute($0) : $0 }
        codexHome = absolute(values["CODEX_HOME"] ?? "~/.codex")
        agentMode = try values.oneOf("AGENT_MODE", AgentMode.self) ?? .shared
        workspace = absolute(values["WORKSPACE"] ?? "./workspace")
        try Self.checkWorkspace(workspace, workingDirectory: workingDirectory)
        let stateHome = values["XDG_STATE_HOME"] ?? "~/.local/state"
        stateDirectory = absolute(values["STATE_DIR"] ?? "\(stateHome)/sre-agent")
        isDemo = try values.flag("DEMO")
        openAIKey = values["OPENAI_API_KEY"]
        openAIBaseURL = try values.url("OPENAI_BASE_URL") ?? "https://api.openai.com/v1"
        allowedHosts = try values.hosts("ALLOWED_HOSTS")
        publicURL = try values.publicURL("PUBLIC_URL")
        tls = try Self.tls(values["TLS_CERT"].map(absolute), values["TLS_KEY"].map(absolute))
        rulesFile = values["CONFIG"].map(absolute)
        if let rulesFile, Paths.contains(workspace, rulesFile) {
            throw SettingsError(
                key: "CONFIG", reason: "\(rulesFile) lies in WORKSPACE, where the agent could change it")
        }
        auditKey = absolute(values["AUDIT_KEY"] ?? "\(stateDirectory)/audit.key")
        auditKeepDays = try values.integer("AUDIT_KEEP_DAYS", 0...36_500).flatMap { $0 == 0 ? nil : $0 }
        auditKeepBytes = try values.integer("AUDIT_KEEP_BYTES", 0...(1 << 50)).flatMap { $0 == 0 ? nil : $0 }
        logLevel = try values.oneOf("LOG_LEVEL", LogLevel.self)?.rawValue ?? "info"
        allowsUnattended = try values.flag("ALLOW_UNATTENDED")
        allowsFullAccess = try values.flag("ALLOW_FULL_ACCESS")
        agentUser = values["AGENT_USER"]
        allowsWithoutKernelGate = try values.flag("ALLOW_WITHOUT_KERNEL_GATE")
        let timeout = try values.integer("APPROVAL_TIMEOUT", 0...31_536_000) ?? 300
        approvalTimeout = timeout == 0 ? nil : .seconds(timeout)
        maximumMessageSize = try values.integer("MAX_MESSAGE_BYTES", 1_024...(1 << 30)) ?? 64 << 20
        sessionKeep = .seconds(try values.integer("SESSION_KEEP", 0...604_800) ?? 900)
        replayFrames = try values.integer("REPLAY_FRAMES", 1...10_000_000) ?? 10_000
        replayBytes = try values.integer("REPLAY_BYTES", 1_024...(1 << 30)) ?? 16 << 20
        maximumSockets = try values.integer("MAX_SOCKETS", 1...1_000_000) ?? 4_096
        maximumSocketsPerAddress = try values.integer("MAX_SOCKETS_PER_ADDRESS", 1...1_000_000) ?? 2_048
        maximumFramesPerSecond = try values.integer("MAX_FRAMES_PER_SECOND", 1...10_000_000) ?? 20_000
        maximumBytesPerSecond = try values.integer("MAX_BYTES_PER_SECOND", 1_024...(1 << 40)) ?? 128 << 20
        maximumRequestsInFlight = try values.integer("MAX_REQUESTS_IN_FLIGHT", 1...1_000_000) ?? 1_000
        webhookURL = try values.secretURL("WEBHOOK_URL")
        webhookIncludesCommands = try values.flag("WEBHOOK_COMMANDS")
        cpuLatencyMicroseconds = try values.integer("CPU_LATENCY_US", 0...1_000_000)
        drainTimeout = .seconds(try values.integer("DRAIN_TIMEOUT", 0...3_600) ?? 20)
        keys = values.asked.keys
    }

    private static func tls(_ certificate: String?, _ key: String?) throws(SettingsError) -> TLSFiles? {
        switch (certificate, key) {
        case (let certificate?, let key?): return TLSFiles(certificate: certificate, key: key)
        case (nil, nil): return nil
        case (_?, nil): throw SettingsError(key: "TLS_KEY", reason: "is missing: TLS_CERT is given")
        case (nil, _?): throw SettingsError(key: "TLS_CERT", reason: "is missing: TLS_KEY is given")
        }
    }

    /// The agent must not be able to write to the directory with the server's `.env`. Called once with the paths as
    /// written, and again with links resolved.
    public static func checkWorkspace(_ workspace: String, workingDirectory: String) throws(SettingsError) {
        guard !Paths.contains(workspace, Paths.normalized(workingDirectory)) else {
            throw SettingsError(
                key: "WORKSPACE", reason: "must not contain the server's own directory (\(workingDirectory))")
        }
    }

    private enum LogLevel: String, CaseIterable { case trace, debug, info, notice, warning, error, critical }
}

/// The layers, and the methods that read values from them.
private struct Values {
    final class Asked { var keys: Set<String> = [] }

    let layers: [[String: String]]
    let asked = Asked()

    subscript(key: String) -> String? {
        asked.keys.insert(key)
        return layers.lazy.compactMap { $0[key] }.first { !$0.isEmpty }
    }

    func integer(_ key: String, _ range: ClosedRange<Int>) throws(SettingsError) -> Int? {
        guard let text = self[key] else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw SettingsError(
                key: key, reason: "\"\(text)\" is not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    func flag(_ key: String) throws(SettingsError) -> Bool {
        switch self[key]?.lowercased() {
        case nil, "0", "false", "no", "off": return false
        case "1", "true", "yes", "on": return true
        case let text?: throw SettingsError(key: key, reason: "\"\(text)\" is neither 1 nor 0")
        }
    }

    func oneOf<Value: RawRepresentable & CaseIterable>(_ key: String, _: Value.Type) throws(SettingsError) -> Value?
    where Value.RawValue == String {
        guard let text = self[key] else { return nil }
        guard let value = Value(rawValue: text.lowercased()) else {
            let choices = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw SettingsError(key: key, reason: "\"\(text)\" is not one of \(choices)")
        }
        return value
    }

    /// Without a trailing slash. The input may hold a secret, so the error does not show it.
    func url(_ key: String) throws(SettingsError) -> String? {
        guard var text = self[key] else { return nil }
        while text.hasSuffix("/") { text.removeLast() }
        for scheme in ["http://", "https://"] where text.hasPrefix(scheme) && text.count > scheme.count {
            // codex would put them into its arguments, which every process on the machine can read.
            guard !text.dropFirst(scheme.count).prefix(while: { !"/?#".contains($0) }).contains("@") else {
                throw SettingsError(
                    key: key, reason: "this address contains a user or a password: leave out what is before the @")
            }
            return text
        }
        throw SettingsError(key: key, reason: "this is not an http or https address")
    }

    /// Names or addresses, separated by commas, without scheme or port.
    func hosts(_ key: String) throws(SettingsError) -> [String] {
        let hosts = (self[key] ?? "").split { $0 == "," || $0.isWhitespace }.map(String.init)
        for host in hosts where host.contains(where: { "/@[]".contains($0) }) || (host.count { $0 == ":" }) == 1 {
            throw SettingsError(key: key, reason: "one is more than a host name: leave out user, scheme and port")
        }
        return hosts
    }

    /// As given, and never shown.
    func secretURL(_ key: String) throws(SettingsError) -> String? {
        guard let text = self[key] else { return nil }
        for scheme in ["http://", "https://"] where text.hasPrefix(scheme) && text.count > scheme.count { return text }
        throw SettingsError(key: key, reason: "this is not an http or https address")
    }

    func publicURL(_ key: String) throws(SettingsError) -> PublicURL? {
        guard let text = try url(key) else { return nil }
        guard let url = PublicURL(text) else {
            throw SettingsError(
                key: key,
                reason: "this address is not a scheme, a host, a port and a plain path, as https://host/sre is")
        }
        return url
    }
}
