import JSON
import Session

/// `sre-agent-gate`, which codex starts as a hook before each tool call and as a verifier for each thread. It only
/// carries bytes; ``GateHandler`` handles their content.
public struct GateProgram: Sendable {
    /// The program's path, beside the server's own executable.
    public let path: String
    /// The server's socket to which the program connects.
    public let socket: String
    /// The verifier's name as one of codex's MCP servers.
    let verifierName: String

    /// `suffix` must be unguessable: codex merges tables with the same name from all its configuration files.
    public init(path: String, socket: String, suffix: String) {
        self.path = path
        self.socket = socket
        verifierName = "sre-verifier-\(suffix)"
    }

    /// The line that codex runs with `bash -c`. codex lets a call run if its hook fails in any way other than exit code
    /// 2 with text on standard error. The line therefore turns every failure, including a missing or killed program,
    /// into that.
    var hookCommand: String {
        "\(ShellWords.quoted(path)) hook \(ShellWords.quoted(socket))"
            + " || { echo 'The approval gate of the SRE Agent Server did not answer, so this did not run.' >&2; exit 2; }"
    }

    /// Settings for codex's command line. A proxy starts each of the administrator's MCP servers. The rest of the
    /// server's table (environment, directory, time-outs) stays in effect, because codex merges tables member by
    /// member.
    func settings(_ configured: ConfiguredPrograms) -> [String] {
        let year = GateProof.timeoutSeconds
        let hook = "{type=\"command\",command=\(TOML.string(hookCommand)),timeout=\(year)}"
        let members = VerifierMessage.callMembers.map { "\($0)=\"${\($0)}\"" }.joined(separator: ",")
        let verifier =
            "{type=\"mcp_tool\",server=\(TOML.string(verifierName)),tool=\(TOML.string(GateProof.verifierTool)),"
            + "input={\(members)},timeout=\(year)}"
        // `required`: no thread begins without its verifier. The server decides about its time-out, as for the hook.
        // The verifier runs in `/`, which always exists.
        let server =
            "{command=\(TOML.string(path)),args=[\"verifier\",\(TOML.string(socket))],cwd=\"/\",required=true,"
            + "startup_timeout_sec=60,tool_timeout_sec=\(year)}"
        let proxies = configured.mcpServers.map { server in
            // codex would start it in the thread's directory, where Python and npx would load files found there.
            let directory = server.directory == nil ? ",cwd=\"/\"" : ""
            return "\(TOML.string(server.name))={\(Self.command(proxyWords(server)))\(directory),\(Self.asksNothing)}"
        }
        let addresses = configured.httpServers.map { server in
            // A server that cannot have a proxy is disabled.
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
            // Use one table: codex keeps only the last of two with the same key, and only table names may contain dots
            // and quotes.
            "mcp_servers={\(([TOML.string(verifierName) + "=\(server)"] + proxies + addresses).joined(separator: ","))}",
        ] + Self.tables(configured.signIn.filter { !$0.isFixed }, inRoot)
            + (configured.notify.isEmpty ? [] : ["notify=\(Self.array(inRoot(configured.notify)))"])
    }

    /// codex would ask about a call again, with an elicitation that an MCP server can imitate. The gate has already
    /// asked, and the proxy forwards only allowed calls.
    private static let asksNothing = "default_tools_approval_mode=\"approve\""

    /// `words`, started in `/`.
    func inRoot(_ words: [String]) -> [String] { [path, "root", "--"] + words }

    /// The same for a shell script.
    static func inRoot(script: String) -> String { "cd / && {\n\(script)\n}" }

    /// Use one table for all providers: codex keeps only the last of two with the same key.
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

    /// The command line of an MCP server's proxy.
    func proxyWords(_ server: ConfiguredPrograms.MCPServer) -> [String] {
        let members = "\"server\":\(JSONValue.string(server.name))"
        return [path, "mcp", socket, members, "--", server.command] + server.arguments
    }

    var proof: GateProof { GateProof(command: hookCommand, verifier: verifierName) }
}
