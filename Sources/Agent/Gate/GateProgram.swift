import Session

/// `sre-agent-gate`, the program that codex starts: as a hook before each tool call, as a witness with each thread.
/// It carries bytes; what they say is said by ``GateHandler``.
public struct GateProgram: Sendable {
    /// Where it is: beside the server's own executable.
    public let path: String
    /// The server's socket for it.
    public let socket: String
    /// The witness's name as an MCP server of codex's.
    let witnessName: String

    /// `suffix` is unguessable: codex merges tables of the same name from all its configuration files.
    public init(path: String, socket: String, suffix: String) {
        self.path = path
        self.socket = socket
        witnessName = "sre-witness-\(suffix)"
    }

    /// The line that codex runs, for `bash -c`. codex lets a call run when its hook fails in any way but exit code 2
    /// with words on standard error; so every failure, a missing or killed program included, is turned into that.
    var hookCommand: String {
        "\(Self.quoted(path)) hook \(Self.quoted(socket))"
            + " || { echo 'The approval gate of the SRE Agent Server did not answer, so this was not run.' >&2; exit 2; }"
    }

    private static func quoted(_ word: String) -> String {
        "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// For codex's command line.
    var settings: [String] {
        let year = GateProof.timeoutSeconds
        let hook = "{type=\"command\",command=\(TOML.string(hookCommand)),timeout=\(year)}"
        let members = WitnessMessage.callMembers.map { "\($0)=\"${\($0)}\"" }.joined(separator: ",")
        let witness =
            "{type=\"mcp_tool\",server=\(TOML.string(witnessName)),tool=\(TOML.string(GateProof.witnessTool)),"
            + "input={\(members)},timeout=\(year)}"
        // `required`: without its witness no thread begins. Its time is up to the server, as the hook's is. It runs in
        // `/`, which nobody takes away.
        let server =
            "{command=\(TOML.string(path)),args=[\"witness\",\(TOML.string(socket))],cwd=\"/\",required=true,"
            + "startup_timeout_sec=60,tool_timeout_sec=\(year)}"
        return [
            "hooks.PreToolUse=[{matcher=\".*\",hooks=[\(hook),\(witness)]}]", "features.hooks=true",
            "mcp_servers.\(witnessName)=\(server)",
        ]
    }

    var proof: GateProof { GateProof(command: hookCommand, witness: witnessName) }
}
