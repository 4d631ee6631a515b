import JSON
import JSONRPC
import Policy
@testable import Session
import Testing

/// The paths that a call makes codex inspect or open are checked against the caller's roots.
@Suite struct PathCheckTests {
    /// A call that names a path.
    typealias Call = (method: String, params: @Sendable (JSONValue) -> JSONValue)

    static let directories: [Call] = [
        ("hooks/list", { ["cwds": [$0]] }), ("permissionProfile/list", { ["cwd": $0] }),
        ("plugin/installed", { ["cwds": ["/work/space", $0]] }), ("plugin/list", { ["cwds": [$0]] }),
        ("skills/list", { ["cwds": [$0], "forceReload": true] }),
    ]

    static let files: [Call] = {
        let methods = ["turn/start", "turn/steer", "thread/queue/add", "thread/queue/update"]
        let inputs = methods.flatMap { method -> [Call] in
            ["localImage", "localAudio", "skill"].map { type -> Call in (method, { said(type, $0) }) }
        }
        let plugin: Call = ("plugin/read", { ["pluginName": "p", "marketplacePath": $0] })
        return inputs + [plugin]
    }()

    private static func said(_ type: String, _ path: JSONValue) -> JSONValue {
        input([["type": "text", "text": "x"], ["type": .string(type), "name": "n", "path": path]])
    }

    private static let below = [Role.viewer, .operator, .approver].map(Principal.holder)

    private static func input(_ items: JSONValue) -> JSONValue { ["threadId": "t", "input": items] }

    static func refusal(
        _ method: String, _ params: JSONValue, _ principal: Principal = .holder(.viewer),
        _ policy: ServerPolicy = Machine.policy()
    ) -> ErrorReply? {
        SessionTests.refusal { () throws(ErrorReply) in
            try PathMembers.check(method, params: params, principal: principal, policy: policy)
        }
    }

    @Test(
        arguments: [
            ("/etc", "outside"), ("/work", "outside"), ("/work/spaceship", "outside"), ("/nowhere", "outside"),
            ("/work/space/app/../..", "outside"), ("/work/space/way-out", "outside"),
            ("/work/space/none", "is not a directory"), ("/work/space/a.png", "is not a directory"),
            ("", "is not an absolute path"), (".", "is not an absolute path"), ("app", "is not an absolute path"),
            ("~", "is not an absolute path"), ("/work/space\0/app", "is not an absolute path"),
        ])
    func noDirectoryElsewhere(_ path: String, _ words: String) {
        for (method, params) in Self.directories {
            for principal in Self.below {
                let error = Self.refusal(method, params(.string(path)), principal)
                #expect(error?.message.contains(words) == true, "\(method) \(path)")
                #expect(error?.message.hasPrefix("\(method): cwd") == true, "\(method) \(path)")
                #expect(error?.code == (words == "outside" ? .refused : .invalidParams))
            }
        }
    }

    @Test(arguments: ["/work/space", "/work/space/", "/work/space/app", "/home/ann/link/app"])
    func directoriesWithin(_ path: String) {
        for (method, params) in Self.directories {
            for principal in Self.below + [.guest, .local] {
                #expect(Self.refusal(method, params(.string(path)), principal) == nil)
            }
        }
    }

    @Test(
        arguments: [
            ("/etc/passwd", "outside"), ("/etc/none", "outside"), ("/work/a.png", "outside"),
            ("/work/spaceship/a.png", "outside"), ("/work/space/../a.png", "outside"),
            ("/work/space/link.png", "outside"), ("/work/space/way-out/passwd", "outside"),
            ("/codex/auth.json", "outside"),
            // A link before `..`: codex resolves the path to the inside, the kernel to the outside.
            ("/work/space/way-out/../a.png", "is not a regular file"),
            // Neither a pipe nor a directory is a regular file.
            ("/work/space/fifo", "is not a regular file"), ("/work/space/app", "is not a regular file"),
            ("/work/space/state/token", "secret file"), ("/work/space/token.png", "secret file"),
            ("/work/space/env-of-today", "secret file"), ("/work/space/.env", "secret file"),
            ("a.png", "is not an absolute path"), ("file:///work/space/a.png", "is not an absolute path"),
            ("/work/space/a.png\0", "is not an absolute path"), ("", "is not an absolute path"),
        ])
    func noFileElsewhere(_ path: String, _ words: String) {
        for (method, params) in Self.files {
            for principal in Self.below {
                let error = Self.refusal(method, params(.string(path)), principal)
                #expect(error?.message.contains(words) == true, "\(method) \(path): \(error?.message ?? "passed")")
                #expect(error?.message.hasPrefix("\(method): ") == true)
                #expect(["outside", "secret file"].contains(words) == (error?.code == .refused))
            }
        }
    }

    @Test(arguments: ["/work/space/a.png", "/work/space/app/../a.png", "/home/ann/link/app/b.png"])
    func filesWithin(_ path: String) {
        for (method, params) in Self.files {
            for principal in Self.below + [.guest, .local] {
                #expect(Self.refusal(method, params(.string(path)), principal) == nil)
            }
        }
    }

    /// codex lists its skills to every client.
    @Test func codexsOwnSkillsAreForEverybodyButAreNoPictures() {
        for path: JSONValue in ["/codex/skills/x/SKILL.md", "/work/space/x/SKILL.md"] {
            let skill: JSONValue = ["type": "skill", "name": "x", "path": path]
            #expect(Self.refusal("turn/start", Self.input([skill])) == nil)
            #expect(Self.refusal("plugin/read", ["marketplacePath": path]) == nil)
            #expect(Self.refusal("turn/start", Self.input([["type": "localImage", "path": path]])) != nil)
        }
    }

    @Test func theErrorNamesTheMemberAndTheRule() {
        let picture: JSONValue = ["type": "localImage", "path": "/etc/passwd"]
        #expect(
            Self.refusal("turn/steer", Self.input([["type": "text", "text": "x"], picture]), .holder(.operator))?
                .message
                == #"turn/steer: input[1].path "/etc/passwd" is outside WORKSPACE (/work/space), for the role operator."#
        )
    }

    @Test func nothingNamedIsTheServersOwnDirectory() {
        for params: JSONValue in [[:], nil, ["cwds": []], ["cwds": nil], ["cwd": nil], ["marketplacePath": nil]] {
            for (method, _) in Self.directories + Self.files.suffix(1) {
                #expect(Self.refusal(method, params) == nil)
            }
        }
    }

    /// The floor also binds an admin; the local user's floor has no roots.
    @Test func adminsAsTheFloorSays() {
        #expect(Self.refusal("skills/list", ["cwds": ["/etc"]], .guest)?.code == .refused)
        #expect(Self.refusal("skills/list", ["cwds": ["/etc", "none"]], .local) == nil)
        #expect(Self.refusal("turn/start", Self.input([["type": "localImage", "path": "/etc/passwd"]]), .local) == nil)
        var policy = Machine.policy()
        policy.floors[.admin].roots = ["/etc"]
        #expect(Self.refusal("skills/list", ["cwds": ["/etc"]], .guest, policy) == nil)
        #expect(Self.refusal("skills/list", ["cwds": ["/work/space"]], .guest, policy)?.code == .refused)
    }

    @Test func whoMayWorkAnywhereStillSeesNoSecretAndHangsOnNoPipe() {
        var policy = Machine.policy()
        policy.floors[.operator].roots = nil
        func code(_ path: String) -> ErrorCode? {
            Self.refusal("plugin/read", ["marketplacePath": .string(path)], .holder(.operator), policy)?.code
        }
        #expect(code("/etc/passwd") == nil)
        #expect(code("/codex/auth.json") == .refused && code("/proc/7/environ") == .refused)
        #expect(code("/etc/none") == .invalidParams && code("etc/passwd") == .invalidParams)
    }

    /// codex accepts all of these as an image of that name, or might accept them in the future.
    @Test(
        arguments: [
            [["localImage", nil, "/etc/passwd"]], [["type": 2, "path": "/etc/passwd"]],
            [["type": "picture", "path": "/etc/passwd"]], [["path": "/etc/passwd"]], ["/etc/passwd"],
            [["localImage": ["path": "/etc/passwd"]]], ["type": "localImage", "path": "/etc/passwd"], "/etc/passwd",
            [["type": "localImage", "path": ["/etc/passwd"]]], [["type": "localImage", "path": 7]], [nil],
        ] as [JSONValue])
    func inputOfAnotherForm(_ input: JSONValue) {
        for method in ["turn/start", "turn/steer", "thread/queue/add", "thread/queue/update"] {
            #expect(Self.refusal(method, Self.input(input), .holder(.operator)) != nil, "\(method) \(input)")
        }
    }

    @Test(
        arguments: [
            ("skills/list", [["/etc"], true]), ("plugin/read", ["/etc/passwd", nil, "p"]),
            ("permissionProfile/list", [nil, nil, "/etc"]), ("skills/list", ["cwds": "/etc"]),
            ("skills/list", ["cwds": ["0": "/etc"]]), ("skills/list", ["cwds": [["/etc"]]]), ("skills/list", "/etc"),
            ("turn/steer", ["t", nil, [["type": "localImage", "path": "/etc/passwd"]]]),
            ("review/start", ["threadId": "t", "target": ["baseBranch", "--output=x"]]),
            ("review/start", ["t", ["type": "baseBranch", "branch": "--output=x"]]),
        ] as [(String, JSONValue)])
    func paramsOfAnotherForm(_ method: String, _ params: JSONValue) {
        #expect(Self.refusal(method, params, .holder(.operator))?.code == .invalidParams)
    }

    @Test func anAdminsInputMayBeOfALaterCodex() {
        #expect(Self.refusal("turn/start", Self.input([["type": "picture", "path": "/x"]]), .guest) == nil)
    }

    @Test(
        arguments: [
            (["type": "baseBranch", "branch": "--output=/work/x"], false),
            (["type": "baseBranch", "branch": "-x"], false),
            (["type": "commit", "sha": "--output=/work/x"], false), (["type": "later", "branch": "main"], false),
            (["type": "baseBranch", "branch": "main"], true), (["type": "commit", "sha": "abc", "title": "-"], true),
            (["type": "uncommittedChanges"], true), (["type": "custom", "instructions": "- look"], true),
        ] as [(JSONValue, Bool)])
    func aBranchIsNoOption(_ target: JSONValue, _ passes: Bool) {
        let params: JSONValue = ["threadId": "t", "target": target]
        #expect((Self.refusal("review/start", params, .holder(.operator)) == nil) == passes)
    }
}
