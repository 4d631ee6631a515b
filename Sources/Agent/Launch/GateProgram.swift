import JSON
import Session

/// `sre-agent-gate`, the program that codex starts: as a hook before each tool call, as a verifier with each thread.
/// It carries bytes; what they say is said by ``GateHandler``.
public struct GateProgram: Sendable {
    /// Where it is: beside the server's own executable.
    public let path: String
    /// The server's socket for it.
    public let socket: String
    /// The verifier's name as an MCP server of codex's.
    let verifierName: String

    /// `suffix` is unguessable: codex merges tables of the same name from all its configuration files.
    public init(path: String, socket: String, suffix: String) {
        self.path = path
        self.socket = socket
        verifierName = "sre-verifier-\(suffix)"
    }

    /// The line that codex runs, for `bash -c`. codex lets a call run when its hook fails in any way but exit code 2
    /// with words on standard error; so every failure, a missing or killed program included, is turned into that.
    var hookCommand: String {
        "\(ShellWords.quoted(path)) hook \(ShellWords.quoted(socket))"
            + " || { echo 'The approval gate of the SRE Agent Server did not answer, so this was not run.' >&2; exit 2; }"
    }

    /// For codex's command line. Each MCP server of the administrator's is started by a proxy; the rest of what its table
    /// says (environment, directory, time-outs) stays: codex merges tables member by member.
    func settings(_ configured: ConfiguredPrograms) -> [String] {
        let year = GateProof.timeoutSeconds
        let hook = "{type=\"command\",command=\(TOML.string(hookCommand)),timeout=\(year)}"
        let members = VerifierMessage.callMembers.map { "\($0)=\"${\($0)}\"" }.joined(separator: ",")
        let verifier =
            "{type=\"mcp_tool\",server=\(TOML.string(verifierName)),tool=\(TOML.string(GateProof.verifierTool)),"
            + "input={\(members)},timeout=\(year)}"
        // `required`: without its verifier no thread begins. Its time is up to the server, as the hook's is. It runs in
        // `/`, which nobody takes away.
        let server =
            "{command=\(TOML.string(path)),args=[\"verifier\",\(TOML.string(socket))],cwd=\"/\",required=true,"
            + "startup_timeout_sec=60,tool_timeout_sec=\(year)}"
        let proxies = configured.mcpServers.map { server in
            // codex would start it in the thread's directory, where Python and npx take what lies there for a part of it.
            let directory = server.directory == nil ? ",cwd=\"/\"" : ""
            return "\(TOML.string(server.name))={\(Self.command(proxyWords(server)))\(directory),\(Self.asksNothing)}"
        }
        let addresses = configured.httpServers.map { server in
            // One that no proxy can stand in front of is off.
            let members =
                server.proxy.map {
                    let secret = "\(TOML.string($0.header))=\(TOML.string(HTTPToolProxy.variable))"
                    return "url=\(TOML.string($0.url)),env_http_headers={\(secret)}"
                } ?? "enabled=false"
            let helper = server.headersHelper.map { ",http_headers_helper=\(TOML.string(Self.inRoot(script: $0)))" }
            return "\(TOML.string(server.name))={\(members)\(helper ?? ""),\(Self.asksNothing)}"
        }
        return [
            "hooks.PreToolUse=[{matcher=\".*\",hooks=[\(hook),\(verifier)]}]",
            // One table: of two for the same key only the last counts, and only in a table may names hold dots and quotes.
            "mcp_servers={\(([TOML.string(verifierName) + "=\(server)"] + proxies + addresses).joined(separator: ","))}",
        ] + Self.tables(configured.signIn.filter { !$0.isFixed }, inRoot)
            + (configured.notify.isEmpty ? [] : ["notify=\(Self.array(inRoot(configured.notify)))"])
    }

    /// codex would ask about a call once more, as an elicitation that an MCP server can make look the same. The gate has
    /// asked already, and the proxy lets nothing else pass.
    private static let asksNothing = "default_tools_approval_mode=\"approve\""

    /// `words`, started in `/`.
    func inRoot(_ words: [String]) -> [String] { [path, "root", "--"] + words }

    /// The same for a text of a shell's.
    static func inRoot(script: String) -> String { "cd / && {\n\(script)\n}" }

    /// One table for all providers: of two for the same key only the last counts.
    private static func tables(_ commands: [ConfiguredPrograms.SignIn], _ inRoot: ([String]) -> [String]) -> [String] {
        guard !commands.isEmpty else { return [] }
        let providers = Dictionary(grouping: commands, by: \.provider).sorted { $0.key < $1.key }.map {
            name, commands in
            let tables = commands.map { signIn in
                signIn.table.reversed().reduce(command(inRoot(signIn.words))) { "\($1)={\($0)}" }
            }
            return "\(TOML.string(name))={\(tables.joined(separator: ","))}"
        }
        return ["model_providers={\(providers.joined(separator: ","))}"]
    }

    /// The members of a table that names a program.
    private static func command(_ words: [String]) -> String {
        "command=\(TOML.string(words[0])),args=\(array(Array(words.dropFirst())))"
    }

    private static func array(_ words: [String]) -> String { "[\(words.map(TOML.string).joined(separator: ","))]" }

    /// The command line of the proxy of an MCP server.
    func proxyWords(_ server: ConfiguredPrograms.MCPServer) -> [String] {
        let members = "\"server\":\(JSONValue.string(server.name))"
        return [path, "mcp", socket, members, "--", server.command] + server.arguments
    }

    var proof: GateProof { GateProof(command: hookCommand, verifier: verifierName) }
}
