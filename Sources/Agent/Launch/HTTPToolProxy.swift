/// What stands between codex and MCP servers over HTTP.
public struct HTTPToolProxy: Sendable {
    /// The address to give to codex in the place of an MCP server's; nil where that cannot be, and the server is off.
    public typealias Address = @Sendable (_ url: String, _ server: String) async -> String?

    /// codex sends `secret` in it with each request.
    let header: String
    let secret: String
    let address: Address
    /// Where codex finds the secret: never among the arguments, which every user of the machine can read.
    static let variable = "SRE_AGENT_TOOL_PROXY"

    public init(header: String, secret: String, address: @escaping Address) {
        self.header = header
        self.secret = secret
        self.address = address
    }
}
