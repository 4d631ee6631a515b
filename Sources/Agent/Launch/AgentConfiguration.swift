import JSON
public import Session

/// The server's configuration of its agent.
public struct AgentConfiguration: Sendable {
    /// The codex executable, or a script or wrapper that becomes it: `PATH app-server [--listen unix://S] -c …`.
    public var executable: String
    /// Also accepts another program that speaks codex's protocol. Such a program is not gated.
    public var mayBeNoCodex: Bool
    /// Passed on as `CODEX_HOME`.
    public var codexHome: String
    /// The server's own environment, from which the agent's is derived.
    public var environment: [String: String]
    public var workspace: String
    public var profiles: PermissionProfiles
    /// Files and directories that the agent's commands must not be able to read.
    public var unreadable: [String]
    /// The server's own files that the agent's user could change.
    public var protectedPaths: [ProtectedPath]
    /// Returns the provider that the server passes to codex, or nil to let codex choose. Called at each start, since
    /// the result depends on files.
    public var provider: @Sendable () -> ModelProvider?
    public var gate: GateProgram
    /// nil if MCP servers over HTTP are disabled.
    public var toolProxy: HTTPToolProxy?
    /// nil to run as the server's own user.
    public var user: AgentUser?
    /// nil if the kernel's exec gate is not used.
    public var monitor: ExecMonitor?
    /// Why no thread may be opened, regardless of the agent's answers; nil if threads are allowed.
    public var refusal: String?
    /// Upper limit for one message, in bytes.
    public var maximumMessageSize: Int

    public init(
        executable: String, mayBeNoCodex: Bool = false, codexHome: String, environment: [String: String],
        workspace: String, profiles: PermissionProfiles, unreadable: [String], protectedPaths: [ProtectedPath] = [],
        provider: @escaping @Sendable () -> ModelProvider?, gate: GateProgram, toolProxy: HTTPToolProxy? = nil,
        user: AgentUser?, monitor: ExecMonitor?, refusal: String?, maximumMessageSize: Int
    ) {
        self.executable = executable
        self.mayBeNoCodex = mayBeNoCodex
        self.protectedPaths = protectedPaths
        self.toolProxy = toolProxy
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

/// A model provider that the server passes to codex in place of the one that codex would choose.
public struct ModelProvider: Sendable {
    /// `-c` and its values.
    public let arguments: [String]
    /// Contains the provider's key. The key is never among the arguments, which every user of the machine can read.
    public let environment: [String: String]

    public init(arguments: [String], environment: [String: String]) {
        self.arguments = arguments
        self.environment = environment
    }

    /// OpenAI with a key from the environment, which codex does not use by default, and without writing the key to
    /// disk.
    public static func openAI(key: String, baseURL: String) -> ModelProvider {
        let provider = """
            {name="OpenAI",base_url=\(JSONValue.string(baseURL)),env_key="OPENAI_API_KEY",wire_api="responses"}
            """
        return ModelProvider(
            arguments: ["-c", "model_provider=\"sre-openai\"", "-c", "model_providers.sre-openai=\(provider)"],
            environment: ["OPENAI_API_KEY": key])
    }
}
