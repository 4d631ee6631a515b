import JSON
import JSONRPC
import Policy

/// Every member of a call that names something outside the call, or may hold anything, and how it is handled. A test
/// walks codex's schema and fails for a member without a row.
enum PathMembers {
    enum Kind: Sendable {
        /// codex reads the directory: checked against the roots here.
        case directory
        /// codex opens the file and shows it to the model or to the client: checked against the roots here.
        case file
        /// A file that may also belong to codex's own skills and plugins.
        case skill
        /// A name passed to codex's git: checked here not to be an option.
        case revision
        /// A directory that becomes writable: checked against the roots by ``SharedParams``.
        case writableRoot
        /// Refused for every role, or below admin, by the code that reads the call.
        case refused
        /// Checked against the floor by the code that reads the call.
        case settled
        /// Compared with what codex has stored; nothing is opened.
        case filter
        /// Stored, or given to the model as text; nothing is opened.
        case label
        /// Any JSON, passed on unchanged; nothing in it is opened.
        case open

        /// Does each value cost a disk access, or a comparison with everything stored?
        var isCostly: Bool {
            switch self {
            case .directory, .file, .skill, .writableRoot, .filter: true
            case .revision, .refused, .settled, .label, .open: false
            }
        }

        var isChecked: Bool {
            switch self {
            case .directory, .file, .skill, .revision: true
            case .writableRoot, .refused, .settled, .filter, .label, .open: false
            }
        }
    }

    /// By method, then by member as spelled in codex's generated list: `input[]<localImage>.path`.
    typealias Rows = [String: [String: Kind]]

    /// Members of the methods that some role below admin may call.
    static let rows: Rows = watching.merging(working) { $1 }

    /// The cases of the unions on checked paths. No other case is accepted there.
    static let cases: [String: Set<String>] = [
        "input[]": ["text", "image", "localImage", "audio", "localAudio", "skill", "mention"],
        "target": ["uncommittedChanges", "baseBranch", "commit", "custom"],
    ]

    /// Does the method have members that ``check(_:params:principal:policy:)`` checks?
    static func areChecked(of method: String) -> Bool { checked[method] != nil }

    /// The checked members, ready for lookup in a call.
    static let checked: [String: [CheckedMember]] = rows.compactMapValues { members in
        let checked = members.filter(\.value.isChecked).sorted { $0.key < $1.key }.map {
            CheckedMember($0.key, $0.value)
        }
        return checked.isEmpty ? nil : checked
    }

    /// The maximum length of a list of paths: each path costs this server or codex a disk access.
    static let longestList = 64

    /// The lists of paths, by method. Their length is limited for every role, whatever other checks apply to the paths.
    static let lists: [String: [CheckedMember]] = rows.compactMapValues { members in
        let lists = members.filter { $0.key.contains("[]") && $0.value.isCostly }.sorted { $0.key < $1.key }
        return lists.isEmpty ? nil : lists.map { CheckedMember($0.key, $0.value) }
    }

    /// Throws if a list is too long.
    static func checkLists(_ method: String, params: JSONValue) throws(ErrorReply) {
        for member in lists[method] ?? [] where member.count(in: params) > longestList {
            throw ErrorReply(
                .invalidParams, "\(method): \(member.name) has more than \(longestList) entries. Send several requests."
            )
        }
    }

    /// Throws if a call names a path that its principal may not open. An admin whose floor has no roots may use any
    /// path.
    static func check(_ method: String, params: JSONValue, principal: Principal, policy: ServerPolicy)
        throws(ErrorReply)
    {
        guard let members = checked[method], principal.role < .admin || policy.floor(of: principal).roots != nil else {
            return
        }
        let call = CheckedMember.Call(method: method, principal: principal, policy: policy)
        for member in members { try member.check(in: params.isNull ? .object(JSONObject()) : params, of: call) }
    }
}
