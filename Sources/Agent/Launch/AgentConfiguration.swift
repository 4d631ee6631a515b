import JSON
public import Session

/// What the server is told about its agent.
public struct AgentConfiguration: Sendable {
    /// The codex executable, or a script or wrapper that becomes it: `PATH app-server [--listen unix://S] -c …`.
    public var executable: String
    /// Any other program that speaks its protocol will do, and is not gated.
    public var mayBeNoCodex = false
    /// Passed on as `CODEX_HOME`.
    public var codexHome: String
    /// The server's own environment, from which the agent's is made.
    public var environment: [String: String]
    public var workspace: String
    public var profiles: PermissionProfiles
    /// Files and directories that no command of the agent's may read.
    public var unreadable: [String]
    /// What of the server's own the agent's user could change.
    public var protectedPaths: [ProtectedPath] = []
    /// The provider that the server gives to codex; nil: codex chooses. Asked at each start, since it depends on files.
    public var provider: @Sendable () -> ModelProvider?
    public var gate: GateProgram
    /// Nil: MCP servers over HTTP are off.
    public var toolProxy: HTTPToolProxy?
    /// Nil: as the server's own user.
    public var user: AgentUser?
    /// Nil: the kernel is not asked what codex starts.
    public var monitor: ExecMonitor?
    /// Why no thread may be opened, whatever the agent says; nil when threads may be.
    public var refusal: String?
    /// Upper limit for one message, in bytes.
    public var maximumMessageSize: Int

    public init(
        executable: String, codexHome: String, environment: [String: String], workspace: String,
        profiles: PermissionProfiles, unreadable: [String], provider: @escaping @Sendable () -> ModelProvider?,
        gate: GateProgram,
        user: AgentUser?, monitor: ExecMonitor?, refusal: String?, maximumMessageSize: Int
    ) {
        self.executable = executable
        self.codexHome = codexHome
        self.environment = environment
        self.workspace = workspace
        self.profiles = profiles
        self.unreadable = unreadable
        self.provider = provider
        self.gate = gate
        self.user = user
        self.monitor = monitor
        self.refusal = refusal
        self.maximumMessageSize = maximumMessageSize
    }

    public var proof: GateProof { gate.proof }
}

/// A model provider that the server gives to codex, instead of the one that codex would choose by itself.
public struct ModelProvider: Sendable {
    /// `-c` and its values.
    public let arguments: [String]
    /// Where codex finds the provider's key: never among the arguments, which every user of the machine can read.
    public let environment: [String: String]

    public init(arguments: [String], environment: [String: String]) {
        self.arguments = arguments
        self.environment = environment
    }

    /// OpenAI with a key from the environment, which codex alone does not use, and without writing it to disk.
    public static func openAI(key: String, baseURL: String) -> ModelProvider {
        let provider = """
            {name="OpenAI",base_url=\(JSONValue.string(baseURL)),env_key="OPENAI_API_KEY",wire_api="responses"}
            """
        return ModelProvider(
            arguments: ["-c", "model_provider=\"sre-openai\"", "-c", "model_providers.sre-openai=\(provider)"],
            environment: ["OPENAI_API_KEY": key])
    }
}
