public import JSON
public import JSONRPC
import Policy

/// How much a thread asks, independent of the client's spelling.
public enum ApprovalPolicy: Sendable, Hashable {
    /// The gate asks about every command, patch and MCP call. No value, `on-request`, `onRequest`, `untrusted` and
    /// `unlessTrusted` all mean this: the official terminal client sends `on-request` by itself.
    case everyCommand
    /// Like ``everyCommand``, but codex answers some of its own questions with no (codex schema `AskForApproval`).
    case granular(JSONObject)
    /// The gate lets every call run inside the sandbox; leaving the sandbox is still asked. Spelled `onFailure`.
    case sandboxOnly
    /// The gate lets every call run inside the sandbox, and leaving the sandbox is refused. Spelled `never`.
    case never

    /// Reads the mission's spellings and codex's own. Null means ``everyCommand``.
    public init(_ value: JSONValue?) throws(ErrorReply) {
        switch value {
        case nil, .null: self = .everyCommand
        case .string("on-request"), .string("onRequest"), .string("untrusted"), .string("unlessTrusted"):
            self = .everyCommand
        case .string("on-failure"), .string("onFailure"): self = .sandboxOnly
        case .string("never"): self = .never
        case .object(let object) where object["granular"]?.objectValue != nil: self = .granular(object)
        case let other?:
            throw ErrorReply(
                .invalidParams,
                "approvalPolicy \(other) is unknown. Use onRequest, unlessTrusted, onFailure or never.")
        }
    }

    /// Does the gate let this thread's commands run unasked?
    public var isUnattended: Bool { self == .sandboxOnly || self == .never }

    /// The corresponding floor value.
    var questions: Floor.Questions {
        switch self {
        case .everyCommand, .granular: .onRequest
        case .sandboxOnly: .onFailure
        case .never: .never
        }
    }

    /// The value sent to codex. `untrusted` is never sent: with it, codex reruns an approved command that the sandbox
    /// stopped, outside the sandbox and unasked.
    public var codexValue: JSONValue {
        switch self {
        case .everyCommand, .sandboxOnly: "on-request"
        case .granular(let object): .object(Self.withDefaults(object))
        case .never: "never"
        }
    }

    /// codex names all members in its answer; a request may omit these two (codex schema `AskForApproval`).
    private static func withDefaults(_ object: JSONObject) -> JSONObject {
        guard var granular = object["granular"]?.objectValue else { return object }
        for member in ["request_permissions", "skill_approval"] where granular[member] == nil {
            granular[member] = false
        }
        var object = object
        object["granular"] = .object(granular)
        return object
    }
}
