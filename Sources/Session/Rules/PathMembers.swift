import JSON
import JSONRPC
import Policy

/// Every member of a call that names something outside the call, or may hold anything, and what is done about it. A
/// test walks codex's schema: a member that nobody has looked at fails it.
enum PathMembers {
    enum Kind: Sendable {
        /// codex looks into the directory: checked against the roots here.
        case directory
        /// codex opens the file and shows it to the model or to the client: checked against the roots here.
        case file
        /// A file that may also be one of codex's own skills and plugins.
        case skill
        /// A name that codex's git is given: no option, said here.
        case revision
        /// A directory that becomes writable: checked against the roots by ``SharedParams``.
        case writableRoot
        /// Refused for everybody, or below admin, where the call is read.
        case refused
        /// Checked against the floor where the call is read.
        case settled
        /// Compared with what codex has stored; nothing is opened.
        case filter
        /// Kept, or put before the model as text; nothing is opened.
        case label
        /// Any JSON, passed on as such; nothing in it is opened.
        case open

        /// Somebody looks at the disk for each, or compares each with all that is stored.
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

    /// By method, and by member as codex's generated list writes it: `input[]<localImage>.path`.
    typealias Rows = [String: [String: Kind]]

    /// Of methods that some role below admin may call.
    static let rows: Rows = watching.merging(working) { $1 }

    /// The cases of the unions that are looked into, and so all that may stand there.
    static let cases: [String: Set<String>] = [
        "input[]": ["text", "image", "localImage", "audio", "localAudio", "skill", "mention"],
        "target": ["uncommittedChanges", "baseBranch", "commit", "custom"],
    ]

    /// Are there members that ``check(_:params:principal:policy:)`` has to look at?
    static func areChecked(of method: String) -> Bool { checked[method] != nil }

    /// The same members, ready to be looked up in a call.
    static let checked: [String: [CheckedMember]] = rows.compactMapValues { members in
        let checked = members.filter(\.value.isChecked).sorted { $0.key < $1.key }.map {
            CheckedMember($0.key, $0.value)
        }
        return checked.isEmpty ? nil : checked
    }

    /// A list of paths may be so long: each of them costs this server or codex a look at the disk.
    static let longestList = 64

    /// The lists of paths, by method: whoever calls it, and whatever else is done about the paths.
    static let lists: [String: [CheckedMember]] = rows.compactMapValues { members in
        let lists = members.filter { $0.key.contains("[]") && $0.value.isCostly }.sorted { $0.key < $1.key }
        return lists.isEmpty ? nil : lists.map { CheckedMember($0.key, $0.value) }
    }

    /// Throws when one of them is too long.
    static func checkLists(_ method: String, params: JSONValue) throws(ErrorReply) {
        for member in lists[method] ?? [] where member.count(in: params) > longestList {
            throw ErrorReply(
                .invalidParams, "\(method): \(member.name) has more than \(longestList) entries. Send several requests."
            )
        }
    }

    /// Throws when a call names what its principal may not have opened. An admin whose floor has no roots works
    /// anywhere.
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
