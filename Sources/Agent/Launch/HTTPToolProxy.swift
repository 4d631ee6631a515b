/// The proxy between codex and MCP servers over HTTP.
public struct HTTPToolProxy: Sendable {
    /// Returns the address that replaces an MCP server's for codex; nil if the proxy cannot serve it, which disables
    /// the server.
    public typealias Address = @Sendable (_ url: String, _ server: String) async -> String?

    /// The header in which codex sends `secret` with each request.
    let header: String
    let secret: String
    let address: Address
    /// The environment variable with the secret. The secret is never among the arguments, which every user of the
    /// machine can read.
    static let variable = "SRE_AGENT_TOOL_PROXY"

    public init(header: String, secret: String, address: @escaping Address) {
        self.header = header
        self.secret = secret
        self.address = address
    }
}
