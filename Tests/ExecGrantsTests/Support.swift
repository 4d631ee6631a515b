@testable import ExecGrants

let agent = "/opt/codex/bin/codex"
let launcher = "/home/x/.codex/tmp/arg0/codex-linux-sandbox"
let hook = ["/bin/bash", "-c", "'/opt/gate' hook '/run/gate' || exit 2"]

let programs = ProgramList(
    programs: [
        .init(name: "the hook", words: hook, descendants: .only([["/opt/gate", "hook", "/run/gate"]])),
        .init(name: "the host", words: ["/opt/codex/bin/codex-code-mode-host"], descendants: .none),
        .init(name: "notify", words: ["/usr/bin/notify", "--event"], isPrefix: true, descendants: .any),
        .init(
            name: "the search", words: ["/opt/codex/codex-path/rg", "-l", "--", "TEXT", "/h/sessions"], freeWord: 3,
            descendants: .none),
    ], keptOut: ["git"])

let gate = ExecGate(programs: programs, agentExecutable: agent)

/// The profile as codex 0.163 writes it.
func profile(
    root: String = "read", paths: [String] = ["/work"], denied: [String] = ["/secret"], network: String = "restricted"
) -> String {
    let entries =
        denied.map { #"{"path":{"type":"path","path":"\#($0)"},"access":"deny"}"# }
        + [#"{"path":{"type":"special","value":{"kind":"root"}},"access":"\#(root)"}"#]
        + paths.map { #"{"path":{"type":"path","path":"\#($0)"},"access":"write"}"# }
    return
        #"{"type":"managed","file_system":{"type":"restricted","entries":[\#(entries.joined(separator: ","))]},"network":"\#(network)"}"#
}

func sandboxed(
    _ words: [String], in directory: String = "/work", profile: String = profile(), thread: String? = "t",
    call: String? = "c", isAgent: Bool = true
) -> ExecCall {
    var environment: [String: String] = [:]
    environment["CODEX_THREAD_ID"] = thread
    environment["CODEX_TOOL_CALL_ID"] = call
    return ExecCall(
        path: launcher,
        arguments: [
            launcher, "--sandbox-policy-cwd", "/work", "--command-cwd", directory, "--permission-profile", profile,
            "--",
        ] + words,
        environment: environment, isAgent: isAgent)
}

func plain(_ words: [String], thread: String? = "t", call: String? = "c") -> ExecCall {
    var environment: [String: String] = [:]
    environment["CODEX_THREAD_ID"] = thread
    environment["CODEX_TOOL_CALL_ID"] = call
    return ExecCall(path: words[0], arguments: words, environment: environment, isAgent: false)
}

func grant(
    _ text: String = "ls", thread: String = "t", call: String = "c", directory: String? = "/work",
    width: SandboxWidth = .workspaceWrite, network: Bool = false, leaves: Bool = false
) -> CommandGrant {
    CommandGrant(
        threadID: thread, callID: call, program: .script(text, shells: CommandGrant.Shell.codexDefaults),
        directory: directory,
        width: width, mayUseNetwork: network, mayLeaveSandbox: leaves)
}

func table(_ grants: CommandGrant...) -> GrantTable {
    var table = GrantTable(denied: ["/secret"])
    for grant in grants { table.add(grant, now: 0) }
    return table
}

/// The launch that matches ``grant(_:thread:call:directory:width:network:leaves:)``.
func launch(writable: [String]? = []) -> ExecGate.Launch {
    .init(
        threadID: "t", callID: "c", confinements: [Confinement(directory: nil, writable: writable)], isFileHelper: false
    )
}

let bash = ["/bin/bash", "-lc", "ls"]

extension ExecGate.Verdict {
    var isAdmitted: Bool {
        switch self {
        case .admit, .lookAt: true
        case .awaitInput, .keepOut, .refuse: false
        }
    }
    var reason: String? { if case .refuse(let refusal) = self { refusal.reason } else { nil } }
}
