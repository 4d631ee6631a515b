@testable import Agent
import Session
import Testing

@Suite struct AgentFilesTests {
    /// Each of these paths decides whether an agent starts; `$` is codex's home directory, `%` the workspace.
    @Test(arguments: [
        "echo x >> $/config.toml", "rm $/config.toml", "mv $/config.toml $/other; cp $/other $/config.toml",
        "chmod 0 $/config.toml", "echo > $/hooks.json", "chmod 700 $", "rm %/codex", "ln -sf /bin/true %/codex",
        "mkdir %/.codex && echo > %/.codex/config.toml",
    ])
    func aChangeIsSeen(_ script: String) throws {
        try Self.with { files, run in
            let before = files()
            try run(script)
            #expect(files() != before)
        }
    }

    @Test func whatCodexWritesAllTheTimeIsNone() throws {
        try Self.with { files, run in
            let before = files()
            try run("mkdir $/sessions; echo x > $/history.jsonl; cat $/config.toml; echo x > %/file")
            #expect(files() == before)
        }
    }

    private static func with(_ body: (_ files: () -> AgentFiles, _ run: (String) throws -> Void) throws -> Void) throws
    {
        try Place.with { place in
            func run(_ script: String) throws {
                let script = script.replacing("$", with: "\(place.path)/h").replacing("%", with: "\(place.path)/w")
                #expect(try Shell.run(script).code == 0)
            }
            try run("mkdir -m 755 $ %; echo x > $/config.toml; ln -s /bin/false %/codex")
            let configuration = AgentConfiguration(
                executable: "\(place.path)/w/codex", codexHome: "\(place.path)/h", environment: [:],
                workspace: "\(place.path)/w", profiles: PermissionProfiles(suffix: "7f"), unreadable: [],
                provider: { nil },
                gate: GateProgram(path: "/bin/true", socket: "/run/gate", suffix: "7f"), user: nil, monitor: nil,
                refusal: nil, maximumMessageSize: 1_024)
            try body({ AgentFiles(configuration) }, run)
        }
    }
}
