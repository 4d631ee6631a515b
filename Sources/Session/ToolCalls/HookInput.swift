public import ExecGrants
public import JSON

/// What codex says about a tool call before it runs it: the standard input of its `PreToolUse` hook.
public struct HookInput: Sendable, Hashable {
    /// The thread that the person has subscribed to (`session_id`); for a sub-agent the thread that spawned it.
    public private(set) var threadID: String
    public let turnID: String
    /// The sub-agent's own thread (`agent_id`), if a sub-agent makes the call.
    public private(set) var subAgentThreadID: String?
    /// The thread that makes the call, according to codex.
    var callThreadID: String { subAgentThreadID ?? threadID }
    /// The thread's directory.
    public let cwd: String
    /// Where a command will run; ``complete(from:)`` sets it from codex's transcript.
    public var directory: CommandDirectory
    /// The arguments besides a command's text and directory that could change what it does. nil until the transcript
    /// has been read, and if they cannot be determined.
    var arguments: JSONObject?
    /// Is it known where and how a command runs?
    var isKnownWhole: Bool { directory != .unknown && (toolName != "Bash" || arguments != nil) }
    var isPlain: Bool { arguments.map(\.members.isEmpty) ?? false }
    /// The shells that a command may be started with; set like ``directory``.
    public var shells: [CommandGrant.Shell] = CommandGrant.Shell.codexDefaults
    /// The files that a patch changes, by absolute path; set by the reader of the hook's question.
    public var patchedFiles: [String: PatchedFile] = [:]
    /// The parents of the addressed agents' threads, from codex's records; set by the reader of the hook's question.
    public var parents: [String: String] = [:]
    /// codex's record of the thread (`transcript_path`).
    public let transcriptPath: String?
    /// `Bash`, `apply_patch`, `mcp__<server>__<tool>`, or a tool name from a later version of codex.
    public let toolName: String
    public let toolInput: JSONValue
    /// The id that this call's item will have (`tool_use_id`).
    public let toolUseID: String

    /// nil if a member is missing that the decision needs: the call is then denied.
    public init?(_ json: JSONValue) {
        guard let threadID = json["session_id"]?.stringValue, let turnID = json["turn_id"]?.stringValue,
            let cwd = json["cwd"]?.stringValue, let toolName = json["tool_name"]?.stringValue,
            let toolUseID = json["tool_use_id"]?.stringValue
        else { return nil }
        self.threadID = threadID
        self.turnID = turnID
        self.subAgentThreadID = json["agent_id"]?.stringValue.flatMap { $0 == threadID ? nil : $0 }
        self.cwd = cwd
        self.directory = .known(cwd)
        self.transcriptPath = json["transcript_path"]?.stringValue
        self.toolName = toolName
        self.toolInput = json["tool_input"] ?? .null
        self.toolUseID = toolUseID
    }

    /// The same call, attributed to the sub-agent's own thread, which a client has opened.
    func inOwnThread(_ threadID: String) -> HookInput {
        var input = self
        input.threadID = threadID
        input.subAgentThreadID = nil
        return input
    }

    /// A file as it was when the question was asked.
    public struct PatchedFile: Sendable, Hashable {
        public enum Content: Sendable, Hashable {
            case text(String)
            case hidden(Patch.HiddenContent)
        }

        /// Where its path leads, links resolved.
        public let target: String
        /// The content that the patch removes; nil if the file does not exist.
        public let content: Content?
        /// Identifies the file under any name; nil if it does not exist.
        public let identity: FileIdentity?
        /// The path of the name itself: links in its directory are resolved, a link under the name is not. nil if the
        /// file has not been inspected.
        public let place: String?
        /// nil if the file has not been inspected.
        public let stamp: FileStamp?
        /// Where the hunks of an updated file apply; empty if that has not been looked up.
        public let places: [FileUpdate.Place?]
        /// The path goes through a link below /proc: codex's helper would find a different file from the inspected one.
        public let dependsOnProcess: Bool

        public init(
            target: String, content: Content?, identity: FileIdentity? = nil, place: String? = nil,
            stamp: FileStamp? = nil, dependsOnProcess: Bool = false, places: [FileUpdate.Place?] = []
        ) {
            self.places = places
            self.stamp = stamp
            self.dependsOnProcess = dependsOnProcess
            self.target = target
            self.content = content
            self.identity = identity
            self.place = place
        }
    }

    public struct PatchedPath: Sendable, Hashable {
        public let path: String
        /// The patch does not show the file's content: it deletes or replaces the file.
        public let losesContent: Bool
        /// The hunks of an updated file.
        public let update: FileUpdate?
    }

    /// The absolute paths of the files in the first ``patchedPathLimit`` changes of a patch.
    public var patchedPaths: [PatchedPath] {
        guard let call = PatchCall(self) else { return [] }
        return call.changes.prefix(Self.patchedPathLimit).flatMap { change in
            let isUpdate = if case .update = change.kind { true } else { false }
            let update = isUpdate ? FileUpdate(diff: change.diff) : nil
            return [
                call.absolute(change.path).map { PatchedPath(path: $0, losesContent: !isUpdate, update: update) },
                change.movedTo.flatMap(call.absolute).map { PatchedPath(path: $0, losesContent: true, update: nil) },
            ].compactMap(\.self)
        }
    }

    /// A patch with more changes is refused.
    public static let patchedPathLimit = 200

    /// The ids of the threads that this call addresses, if it is one by which agents address each other.
    public var addressedAgents: [String] { AgentTool(self)?.addressees ?? [] }

    func absolutePath(_ path: String) -> String? {
        guard path.hasPrefix("/") || directory.path != nil else { return nil }
        return CommandDirectory.resolved(path, in: directory.path ?? "/")
    }

    /// The MCP server of a tool named `mcp__<server>__<tool>`.
    var toolServer: String? {
        guard toolName.hasPrefix("mcp__") else { return nil }
        let name = toolName.dropFirst("mcp__".count)
        for index in name.indices where name[index...].hasPrefix("__") { return String(name[..<index]) }
        return nil
    }
}
