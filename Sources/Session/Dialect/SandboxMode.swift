public import JSON
public import JSONRPC
import Policy

/// What the agent's commands may access, independent of the client's spelling.
public enum SandboxMode: String, Sendable, Hashable, CaseIterable {
    case readOnly
    case workspaceWrite
    case dangerFullAccess

    /// The corresponding floor value.
    var width: Floor.Sandbox {
        switch self {
        case .readOnly: .readOnly
        case .workspaceWrite: .workspaceWrite
        case .dangerFullAccess: .dangerFullAccess
        }
    }

    /// Reads `sandbox` of thread calls: the mission's spellings, codex's own, and null for the default.
    public init(_ value: JSONValue?) throws(ErrorReply) {
        switch value {
        case nil, .null: self = .workspaceWrite
        case .string("readOnly"), .string("read-only"): self = .readOnly
        case .string("workspaceWrite"), .string("workspace-write"): self = .workspaceWrite
        case .string("dangerFullAccess"), .string("danger-full-access"): self = .dangerFullAccess
        case let other?:
            throw ErrorReply(
                .invalidParams,
                "sandbox \(other) is unknown. Use readOnly, workspaceWrite or dangerFullAccess.")
        }
    }

    /// Reads `sandboxPolicy` of turn calls: codex's object, or one of the words of `sandbox`. Returns nil for null: the
    /// thread keeps its sandbox. Anything the object adds to its type (network, more writable roots) does not exist in
    /// the server's profiles and is refused.
    public static func policy(_ value: JSONValue?) throws(ErrorReply) -> SandboxMode? {
        guard let value, !value.isNull else { return nil }
        let object = value.objectValue ?? ["type": value]
        guard let type = object["type"], !type.isNull else {
            throw ErrorReply(.invalidParams, "sandboxPolicy.type is missing.")
        }
        let mode = try SandboxMode(type)
        let opensNetwork = object["networkAccess"].map { $0 != false && $0 != "restricted" && $0 != .null } ?? false
        guard mode != .dangerFullAccess else {
            throw ErrorReply(
                .refused, "sandboxPolicy dangerFullAccess: full access is chosen when a thread is started, by sandbox.")
        }
        guard !opensNetwork else {
            throw ErrorReply(.refused, "sandboxPolicy.networkAccess: the sandbox has no network on this server.")
        }
        guard object["writableRoots"]?.arrayValue?.isEmpty ?? true else {
            throw ErrorReply(
                .refused, "sandboxPolicy.writableRoots: only the thread's own directory is writable on this server.")
        }
        return mode
    }

    /// The spelling for a turn's `sandboxPolicy`. codex keeps the thread's denials with it.
    var turnPolicy: JSONValue {
        switch self {
        case .readOnly: ["type": "readOnly", "networkAccess": false]
        case .workspaceWrite, .dangerFullAccess:
            [
                "type": "workspaceWrite", "writableRoots": [], "networkAccess": false, "excludeTmpdirEnvVar": false,
                "excludeSlashTmp": false,
            ]
        }
    }
}

/// The names of the permission profiles that the agent is started with: one profile for each ``SandboxMode``. Passing
/// on the client's own `sandbox` would lose the profiles' denials.
///
/// codex merges tables of the same name from all its configuration files, so a file that the server does not write
/// could widen a profile with a fixed name. The names therefore have a random part, new for each run of the server.
public struct PermissionProfiles: Sendable, Hashable {
    private let suffix: String

    /// `suffix` is unguessable and consists of letters and digits.
    public init(suffix: String) { self.suffix = suffix }

    public subscript(mode: SandboxMode) -> String {
        switch mode {
        case .readOnly: "sre-read-only-\(suffix)"
        case .workspaceWrite: "sre-workspace-write-\(suffix)"
        case .dangerFullAccess: "sre-full-access-\(suffix)"
        }
    }
}
