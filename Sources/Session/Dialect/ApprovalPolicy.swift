public import JSON
public import JSONRPC
import Policy

/// How many questions a thread asks, whatever its client called it.
public enum ApprovalPolicy: Sendable, Hashable {
    /// Every command, patch and MCP call is asked by the gate. Nothing said, `on-request`, `onRequest`,
    /// `untrusted` and `unlessTrusted` all mean this: the official terminal client sends `on-request` by itself.
    case everyCommand
    /// As ``everyCommand``, and codex answers some of its own questions with no (codex schema `AskForApproval`).
    case granular(JSONObject)
    /// The gate lets everything pass inside the sandbox; leaving it is still asked. Spelled `onFailure`.
    case sandboxOnly
    /// The gate lets everything pass inside the sandbox, and leaving it is refused. Spelled `never`.
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

    /// Does the gate let commands of such a thread run unasked?
    public var isUnattended: Bool { self == .sandboxOnly || self == .never }

    /// As the floor counts it.
    var questions: Floor.Questions {
        switch self {
        case .everyCommand, .granular: .onRequest
        case .sandboxOnly: .onFailure
        case .never: .never
        }
    }

    /// What codex is told. `untrusted` is never sent: under it codex runs an approved command that the sandbox
    /// stopped once more outside the sandbox, unasked.
    public var codexValue: JSONValue {
        switch self {
        case .everyCommand, .sandboxOnly: "on-request"
        case .granular(let object): .object(Self.withDefaults(object))
        case .never: "never"
        }
    }

    /// codex names all members in its answer; these two may be left out in a request (codex schema `AskForApproval`).
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
