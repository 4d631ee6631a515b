import CodexProtocol
import JSON
import JSONRPC
import Policy
@testable import Session
import Testing

/// Every member that a client can write into a call has been reviewed: walks codex's schema member by member.
@Suite struct PathMembersTests {
    private struct Leaf: Hashable {
        let method: String
        let member: String
        let type: String

        /// `input[]<localImage>.path` has the name `path`.
        var name: String { String(member.split(separator: ".").last?.prefix { !"[{<".contains($0) } ?? "") }
    }

    private static let leaves = ClientRequest.paramLeaves.split(separator: "\n").map { line in
        let parts = line.split(separator: " ").map(String.init)
        return Leaf(method: parts[0], member: parts[1], type: parts[2])
    }

    /// The members of methods that a role below admin may call.
    private static let reachable: [Leaf] = {
        let permissions = MethodPermissions()
        return leaves.filter { permissions.roleNeeded(for: $0.method) < .admin }
    }()

    /// Names of members that refer to nothing outside the call: texts, names, cursors, codex's own keywords. Ids, which
    /// codex generates, are recognised by their suffix.
    private static let neverPaths: Set<String> = [
        "arguments", "attachmentType", "author", "baseInstructions", "codexResponseHandoffChannelPrefixes",
        "codexResponseItemPrefix", "color", "command", "cursor", "custom", "data", "description",
        "developerInstructions", "developer_instructions", "effort", "encrypted_content", "encrypted_function_args",
        "env", "execution", "expectedRevision", "identityKey", "input", "installSuggestionPluginNames", "instructions",
        "mockExperimentalField", "model", "modelProvider", "modelProviders", "name", "namespace", "objective",
        "optOutNotificationMethods", "originators", "output", "pattern", "placeholder", "pluginName", "prompt",
        "queries", "query", "realtimeEndInstructions", "realtimeStartInstructions", "reasoning_effort", "recipient",
        "remoteMarketplaceName", "responsesapiClientMetadata", "result", "revised_prompt", "role", "sdp", "searchTerm",
        "serverName", "serviceName", "serviceTier", "serviceTierForTurn", "skillName", "status", "text",
        "threadSource", "title", "turnTrigger", "user", "value", "version",
    ]

    private static let pathWords: Set<String> = [
        "branch", "cwd", "cwds", "dir", "directory", "dirs", "file", "files", "folder", "icon", "location", "path",
        "paths", "permissions", "root", "roots", "sha", "uri", "uris", "url", "urls", "workspace",
    ]

    /// Splits a name into words, such as `marketplacePath` and `working_directory`.
    private static func words(_ name: String) -> Set<String> {
        var words = [""]
        for character in name {
            if character.isUppercase || character == "_" { words.append("") }
            if character != "_" { words[words.count - 1] += character.lowercased() }
        }
        return Set(words)
    }

    private static func isId(_ name: String) -> Bool {
        name == "id" || ["Id", "Ids", "_id"].contains { name.hasSuffix($0) }
    }

    /// Whether the table may omit the member.
    private static func isExcused(_ leaf: Leaf) -> Bool {
        if leaf.type == "case" { return true }
        guard !["any", "AbsolutePathBuf", "LegacyAppPathString", "PathUri"].contains(leaf.type),
            pathWords.isDisjoint(with: words(leaf.name))
        else { return false }
        return neverPaths.contains(leaf.name) || isId(leaf.name)
    }

    @Test func eachMemberHasBeenLookedAt() {
        #expect(Self.reachable.count > 300)
        for leaf in Self.reachable where !Self.isExcused(leaf) {
            #expect(
                PathMembers.rows[leaf.method]?[leaf.member] != nil,
                "What does codex do with \(leaf.member) of \(leaf.method)? It belongs into PathMembers.")
        }
    }

    @Test func eachRowIsOfTheSchema() {
        let known = Set(Self.reachable.map { [$0.method, $0.member] })
        for (method, members) in PathMembers.rows {
            for member in members.keys { #expect(known.contains([method, member]), "\(method) \(member)") }
        }
    }

    /// A member with a path type is refused, settled or held, wherever it occurs.
    @Test func noPathIsOnlyALabel() {
        for leaf in Self.reachable where ["AbsolutePathBuf", "LegacyAppPathString"].contains(leaf.type) {
            let kind = PathMembers.rows[leaf.method]?[leaf.member]
            #expect(kind.map { $0.isChecked || $0 == .writableRoot || $0 == .refused } == true, "\(leaf)")
        }
    }

    /// Every excused name occurs in the schema.
    @Test func eachExcuseIsNeeded() {
        let names = Set(Self.reachable.map(\.name))
        #expect(Self.neverPaths.subtracting(names) == [])
    }

    @Test func theCasesAreThoseOfTheSchema() {
        for (member, cases) in PathMembers.cases {
            let found = Self.reachable.filter { $0.member.hasPrefix("\(member)<") }.compactMap {
                $0.member.dropFirst(member.count + 1).split(separator: ">").first.map(String.init)
            }
            #expect(Set(found) == cases, "\(member)")
        }
        let unions = Set(PathMembers.checked.values.joined().flatMap(\.unions))
        #expect(unions == Set(PathMembers.cases.keys))
    }

    @Test func listsOfPathsHaveAnEnd() throws {
        func params(_ count: Int) -> JSONValue {
            let paths = JSONValue.array(Array(repeating: "/w", count: count))
            let pictures = JSONValue.array(Array(repeating: ["type": "localImage", "path": "/w"], count: count))
            return ["cwds": paths, "cwd": paths, "runtimeWorkspaceRoots": paths, "input": pictures]
        }
        for method in [
            "skills/list", "hooks/list", "plugin/list", "plugin/installed", "thread/list", "thread/start",
            "thread/resume", "thread/fork", "turn/start", "turn/steer", "thread/queue/add", "thread/queue/update",
        ] {
            #expect(throws: ErrorReply.self, "\(method)") { try PathMembers.checkLists(method, params: params(65)) }
            try PathMembers.checkLists(method, params: params(64))
        }
        let words = JSONValue.array(Array(repeating: ["type": "text", "text": "/w"], count: 100))
        try PathMembers.checkLists("turn/start", params: ["input": words])
    }

    @Test func whatIsCheckedIsNotPlain() {
        #expect(Set(PathMembers.checked.keys).isSuperset(of: ["skills/list", "turn/start", "plugin/read"]))
        var policy = Machine.policy()
        policy.methods = MethodPermissions(
            changes: Dictionary(uniqueKeysWithValues: PathMembers.checked.keys.map { ($0, .viewer) }))
        for method in PathMembers.checked.keys { #expect(!policy.plainMethods.contains(method), "\(method)") }
        #expect(policy.plainMethods.contains("model/list"))
    }

    /// The check runs regardless of which other parts of the call are read.
    @Test func eachCheckedMethodIsCheckedOnItsWay() {
        for (method, params) in PathCheckTests.directories + PathCheckTests.files {
            var client = Client.connected(.holder(.operator))
            let call: JSONValue = ["id": 1, "method": .string(method), "params": params("/etc")]
            let lines = client.says("\(call)")
            #expect(lines.count == 1 && lines[0].contains("is outside WORKSPACE"), "\(method) \(lines)")
        }
    }
}
