/// Which methods of the protocol each role may call. A method in neither list is for ``Role/admin`` only, including
/// methods of later versions of codex.
public struct MethodPermissions: Sendable, Hashable {
    private let roleByMethod: [String: Role]

    /// The permissions listed below.
    public init() {
        var roles: [String: Role] = [:]
        for (role, methods) in [(Role.operator, Self.operators), (.viewer, Self.viewers)] {
            for method in methods { roles[method] = role }
        }
        roleByMethod = roles
    }

    /// The permissions listed below, with some methods assigned to other roles.
    public init(changes: [String: Role]) {
        roleByMethod = Self().roleByMethod.merging(changes) { $1 }
    }

    /// The lowest role that may call a method.
    public func roleNeeded(for method: String) -> Role { roleByMethod[method] ?? .admin }

    /// Whether a method only reads, whatever role a rules file assigns it to.
    public static func onlyReads(_ method: String) -> Bool { standard.roleNeeded(for: method) == .viewer }

    /// Whether a method may act without an approval, whatever role a rules file assigns it to. Includes methods of later
    /// versions of codex.
    public static func actsUnasked(_ method: String) -> Bool { standard.roleNeeded(for: method) == .admin }

    private static let standard = Self()

    /// The methods that a role may call and the role below it may not, sorted.
    public func methods(of role: Role) -> [String] {
        roleByMethod.filter { $0.value == role }.keys.sorted()
    }

    /// Watching: lists, reads, subscribes. `thread/resume` subscribes to a thread; a viewer's call changes nothing in
    /// it.
    private static let viewers = [
        "initialize",
        "account/rateLimits/read", "account/read", "account/usage/read", "account/workspaceMessages/read",
        "app/installed", "app/list", "app/read", "collaborationMode/list", "configRequirements/read",
        "experimentalFeature/list", "hooks/list", "mcpServerStatus/list", "model/list",
        "modelProvider/capabilities/read", "permissionProfile/list", "plugin/installed", "plugin/list", "plugin/read",
        "plugin/skill/read", "project/list", "project/read", "skills/list",
        "thread/attachment/list", "thread/attachmentOwner/list", "thread/backgroundTerminals/list",
        "thread/goal/get", "thread/items/list", "thread/items/read", "thread/list", "thread/loaded/list",
        "thread/queue/list", "thread/read", "thread/realtime/listVoices", "thread/resume", "thread/timeline/list",
        "thread/turns/list", "thread/unsubscribe",
        "threadSection/list",
    ]

    /// Working: threads and turns, within the floor. All their commands are asked.
    private static let operators = [
        "review/start",
        "thread/archive", "thread/attachment/add", "thread/attachment/remove", "thread/backgroundTerminals/clean",
        "thread/backgroundTerminals/terminate", "thread/compact/start", "thread/fork", "thread/goal/clear",
        "thread/goal/set", "thread/inject_items", "thread/memoryMode/set", "thread/metadata/update", "thread/name/set",
        "thread/prediction/request", "thread/queue/add", "thread/queue/delete", "thread/queue/reorder",
        "thread/queue/start", "thread/queue/update", "thread/readState/update", "thread/realtime/appendAudio",
        "thread/realtime/appendSpeech", "thread/realtime/appendText", "thread/realtime/start", "thread/realtime/stop",
        // They search content that is masked for viewers: a viewer could find a secret by trying one text after
        // another.
        "thread/search", "thread/searchOccurrences",
        "thread/section/move", "thread/settings/update", "thread/start", "thread/unarchive", "threadSection/create",
        "threadSection/delete", "threadSection/update", "turn/interrupt", "turn/settings/update", "turn/start",
        "turn/steer",
    ]
}
