import ExecGate
import JSON

/// Programs that the administrator's own configuration of codex names: codex starts them outside the sandbox and asks
/// nobody. A project's configuration, a client's and a thread's count for nothing here.
struct ConfiguredPrograms: Sendable {
    struct MCPServer: Sendable, Hashable {
        let name: String
        let command: String
        let arguments: [String]
    }

    struct HTTPServer: Sendable, Hashable {
        let name: String
        let url: String
        /// The proxy's address for it, and the header with the proxy's secret; nil while none stands in front of it.
        var proxy: Proxy?

        struct Proxy: Sendable, Hashable {
            let url: String
            let header: String
        }
    }

    /// MCP servers on stdio, by name.
    private(set) var mcpServers: [MCPServer] = []
    private(set) var httpServers: [HTTPServer] = []
    /// codex calls it with one more word after each turn.
    private(set) var notify: [String] = []
    /// `model_providers.*.auth`: they print a token.
    private(set) var signIn: [[String]] = []
    /// `mcp_servers.*.http_headers_helper`: texts for `sh -c`.
    private(set) var headerHelpers: [String] = []

    static let none = ConfiguredPrograms()

    private init() {}

    /// `result` is the answer to codex's `config/read` without a directory. `gate` names the server of the gate's own.
    init(configRead result: JSONValue, without gate: String) {
        let config = result["config"]
        notify = Self.words(config?["notify"])
        for (_, provider) in config?["model_providers"]?.objectValue?.members ?? [] {
            guard let command = provider["auth"]?["command"]?.stringValue else { continue }
            signIn.append([command] + Self.words(provider["auth"]?["args"]))
        }
        for (name, server) in config?["mcp_servers"]?.objectValue?.members ?? [] where name != gate {
            if let command = server["command"]?.stringValue {
                mcpServers.append(MCPServer(name: name, command: command, arguments: Self.words(server["args"])))
            }
            if let url = server["url"]?.stringValue {
                httpServers.append(HTTPServer(name: name, url: url))
            }
            if let helper = server["http_headers_helper"]?.stringValue { headerHelpers.append(helper) }
        }
        mcpServers.sort { $0.name < $1.name }
    }

    /// The same, each server over HTTP behind the proxy, which listens when this returns.
    func behind(_ proxy: HTTPToolProxy?) async -> ConfiguredPrograms {
        var result = self
        for index in httpServers.indices {
            guard let proxy, let url = await proxy.address(httpServers[index].url, httpServers[index].name) else {
                continue
            }
            result.httpServers[index].proxy = .init(url: url, header: proxy.header)
        }
        return result
    }

    private static func words(_ value: JSONValue?) -> [String] {
        value?.arrayValue?.compactMap(\.stringValue) ?? []
    }

    /// What codex starts of these itself, that is without the MCP servers, which their proxies start.
    var programs: [ProgramList.Program] {
        var programs = signIn.map {
            ProgramList.Program(name: "the provider's sign-in", words: $0, descendants: .any)
        }
        if !notify.isEmpty {
            programs.append(.init(name: "notify", words: notify, isPrefix: true, descendants: .any))
        }
        programs += headerHelpers.map {
            .init(name: "an MCP server's headers", words: ["sh", "-c", $0], descendants: .any)
        }
        return programs
    }

    /// For the log and the record: what each is, and its command line.
    var descriptions: [String] {
        mcpServers.map { "MCP server \($0.name): \(([$0.command] + $0.arguments).joined(separator: " "))" }
            + httpServers.map { "MCP server \($0.name), over HTTP" }
            + programs.map { "\($0.name): \($0.words.joined(separator: " "))" }
    }
}
