/// Which methods of the protocol each role may call. What stands in no list is for ``Role/admin`` only, methods of a
/// later codex included.
public struct MethodPermissions: Sendable, Hashable {
    private let roleByMethod: [String: Role]

    /// The permissions as they stand below.
    public init() {
        var roles: [String: Role] = [:]
        for (role, methods) in [(Role.operator, Self.operators), (.viewer, Self.viewers)] {
            for method in methods { roles[method] = role }
        }
        roleByMethod = roles
    }

    /// The permissions with some methods given to other roles than below.
    public init(changes: [String: Role]) {
        roleByMethod = Self().roleByMethod.merging(changes) { $1 }
    }

    /// The least role that may call a method.
    public func roleNeeded(for method: String) -> Role { roleByMethod[method] ?? .admin }

    /// The methods that a role may call and the one before it may not, in order.
    public func methods(of role: Role) -> [String] {
        roleByMethod.filter { $0.value == role }.keys.sorted()
    }

    /// Watching: lists, reads, subscribes. `thread/resume` subscribes to a thread; a viewer's changes nothing of it.
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

    /// Working: threads and turns, within the floor. Every command of theirs is asked.
    private static let operators = [
        "review/start",
        "thread/archive", "thread/attachment/add", "thread/attachment/remove", "thread/backgroundTerminals/clean",
        "thread/backgroundTerminals/terminate", "thread/compact/start", "thread/fork", "thread/goal/clear",
        "thread/goal/set", "thread/inject_items", "thread/memoryMode/set", "thread/metadata/update", "thread/name/set",
        "thread/prediction/request", "thread/queue/add", "thread/queue/delete", "thread/queue/reorder",
        "thread/queue/start", "thread/queue/update", "thread/readState/update", "thread/realtime/appendAudio",
        "thread/realtime/appendSpeech", "thread/realtime/appendText", "thread/realtime/start", "thread/realtime/stop",
        // They look through what is masked for viewers: text after text tried out would spell a secret.
        "thread/search", "thread/searchOccurrences",
        "thread/section/move", "thread/settings/update", "thread/start", "thread/unarchive", "threadSection/create",
        "threadSection/delete", "threadSection/update", "turn/interrupt", "turn/settings/update", "turn/start",
        "turn/steer",
    ]
}
