import ExecGrants
import JSON
import Session

/// Programs named in the administrator's codex configuration. codex starts them outside the sandbox without an
/// approval. The configurations of projects, clients and threads are ignored here.
struct ConfiguredPrograms: Sendable {
    struct MCPServer: Sendable, Hashable {
        let name: String
        let command: String
        let arguments: [String]
        /// nil: codex would start the server in the thread's directory.
        var directory: String?
    }

    struct HTTPServer: Sendable, Hashable {
        let name: String
        let url: String
        /// A script for `sh -c` that prints headers.
        var headersHelper: String?
        /// The proxy's address for this server, and the header with the proxy's secret; nil while no proxy serves it.
        var proxy: Proxy?

        struct Proxy: Sendable, Hashable {
            let url: String
            let header: String
        }
    }

    /// MCP servers on stdio, sorted by name.
    private(set) var mcpServers: [MCPServer] = []
    private(set) var httpServers: [HTTPServer] = []
    /// The command that codex calls after each turn, with one additional argument.
    private(set) var notify: [String] = []
    /// Commands of `model_providers.*` that print a token, each with the table that names it.
    private(set) var signIn: [SignIn] = []
    /// codex's keys of the user's own hooks. They are disabled: some answer approvals in place of a person, and the
    /// others start programs in a thread's directory, outside the sandbox.
    private(set) var foreignHooks: [String] = []

    struct SignIn: Sendable, Hashable {
        let provider: String
        /// `["auth"]`, or `["aws", "credential_export"]`.
        let table: [String]
        let words: [String]
        /// The table names its own directory, or codex accepts no other command.
        let isFixed: Bool
    }

    static let none = ConfiguredPrograms()

    private init() {}

    /// `result` is the response to codex's `config/read` without a directory. `gate` is the name of the gate's own MCP
    /// server.
    init(configRead result: JSONValue, without gate: String) {
        let config = result["config"]
        notify = Self.words(config?["notify"])
        for (name, provider) in config?["model_providers"]?.objectValue?.members ?? [] {
            for table in [["auth"], ["aws", "credential_export"], ["aws", "auth_refresh"]] {
                let helper = table.reduce(Optional(provider)) { $0?[$1] }
                guard let command = helper?["command"]?.stringValue else { continue }
                signIn.append(
                    SignIn(
                        provider: name, table: table, words: [command] + Self.words(helper?["args"]),
                        // codex fills in a directory of its own if the file names none.
                        isFixed: table.last == "auth_refresh"
                            || result["origins"]?["model_providers.\(name).\(table.joined(separator: ".")).cwd"] != nil)
                )
            }
        }
        for (name, server) in config?["mcp_servers"]?.objectValue?.members ?? [] where name != gate {
            if let command = server["command"]?.stringValue {
                mcpServers.append(
                    MCPServer(
                        name: name, command: command, arguments: Self.words(server["args"]),
                        directory: server["cwd"]?.stringValue))
            }
            if let url = server["url"]?.stringValue {
                httpServers.append(
                    HTTPServer(name: name, url: url, headersHelper: server["http_headers_helper"]?.stringValue))
            }
        }
        mcpServers.sort { $0.name < $1.name }
    }

    /// `result` is the response to `hooks/list`.
    mutating func take(hooksList result: JSONValue) {
        foreignHooks = (result["data"]?[0]?["hooks"]?.arrayValue ?? []).filter(GateProof.isForeign).compactMap {
            $0["key"]?.stringValue
        }
    }

    /// A copy with each HTTP server behind the proxy, which is listening when this returns.
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

    /// The programs that codex itself starts from this configuration. Excludes MCP servers, which their proxies start.
    /// `gate` starts the programs in `/`.
    func programs(by gate: GateProgram) -> [ProgramList.Program] {
        var programs = signIn.map { signIn in
            ProgramList.Program(
                name: "the provider's sign-in", words: signIn.isFixed ? signIn.words : gate.inRoot(signIn.words),
                descendants: .any)
        }
        if !notify.isEmpty {
            programs.append(.init(name: "notify", words: gate.inRoot(notify), isPrefix: true, descendants: .any))
        }
        programs += httpServers.compactMap(\.headersHelper).map {
            .init(
                name: "an MCP server's headers", words: ["sh", "-c", GateProgram.inRoot(script: $0)], descendants: .any)
        }
        return programs
    }

    /// Each program's kind and command line, for the log and the audit log.
    var descriptions: [String] {
        func line(_ words: [String]) -> String { words.joined(separator: " ") }
        return mcpServers.map { "MCP server \($0.name): \(line([$0.command] + $0.arguments))" }
            + httpServers.map { "MCP server \($0.name), over HTTP" }
            + signIn.map { "the provider's sign-in: \(line($0.words))" }
            + (notify.isEmpty ? [] : ["notify: \(line(notify))"])
            + httpServers.compactMap(\.headersHelper).map { "an MCP server's headers: sh -c \($0)" }
            + foreignHooks.map { "disabled, because only the gate's hooks run here: hook \($0)" }
    }
}
