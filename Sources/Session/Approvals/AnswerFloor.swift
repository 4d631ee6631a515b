import JSON
import Policy

/// Checks answers against a principal's floor.
struct AnswerFloor {
    private let floor: Floor

    init(_ floor: Floor) { self.floor = floor }

    /// Why the floor forbids the answer; nil if it permits it.
    func refusal(of decision: Decision, to approval: Approval) -> String? {
        switch decision {
        case .decline, .cancel: return nil
        case .acceptForSession where !floor.sessionApprovals:
            return "Your role may approve for this time only (floor: sessionApprovals)."
        case .amendment where !floor.lastingApprovals:
            return "Your role may not give lasting rules (floor: lastingApprovals)."
        case .accept, .acceptForSession, .amendment:
            return approval.opensNetwork(decision, .null) && !floor.network ? Self.noNetwork : nil
        }
    }

    /// Checks an answer to a question that takes no ``Decision``.
    func refusal(of result: JSONValue, to approval: Approval) -> String? {
        guard approval.method == Approval.permissions else { return nil }
        if PermissionGrant(result).isForSession, !floor.sessionApprovals {
            return "Your role may grant permissions for this turn only (floor: sessionApprovals)."
        }
        return approval.opensNetwork(nil, result) && !floor.network ? Self.noNetwork : nil
    }

    private static let noNetwork = "Your role may not open the network (floor: network)."
}

extension Approval {
    static let command = "item/commandExecution/requestApproval"
    static let fileChange = "item/fileChange/requestApproval"
    static let permissions = "item/permissions/requestApproval"
    static let elicitation = "mcpServer/elicitation/request"

    /// Answering these is part of a conversation, so they need the role that may converse.
    private static let conversational: Set<String> = ["item/tool/requestUserInput", "item/tool/call"]

    var isConversational: Bool { Self.conversational.contains(method) }

    var roleNeeded: Role { Self.conversational.contains(method) ? .operator : .approver }

    /// Would this answer let commands of the thread reach the network?
    func opensNetwork(_ decision: Decision?, _ result: JSONValue) -> Bool {
        switch decision {
        case .decline, .cancel: return false
        case .amendment(let object): return object["applyNetworkPolicyAmendment"] != nil || asksForNetwork
        case .accept, .acceptForSession: return asksForNetwork
        case nil: return method == Self.permissions && PermissionGrant(result).opensNetwork
        }
    }

    /// Does this answer let anything happen? An answer that cannot be told apart from a yes counts as one.
    func isGranted(by answer: Answer, _ decision: Decision?) -> Bool {
        switch decision {
        case .decline, .cancel: return false
        case .accept, .acceptForSession, .amendment: return true
        case nil: break
        }
        guard case .result(let result) = answer else { return false }
        switch method {
        case Self.elicitation: return !["decline", "cancel"].contains(result["action"])
        case Self.permissions: return result["permissions"]?.objectValue?.members.allSatisfy(\.value.isNull) != true
        default: return true
        }
    }

    private var asksForNetwork: Bool {
        let context = params["networkApprovalContext"]
        let additional = params["additionalPermissions"]?["network"]
        return !(context?.isNull ?? true) || additional?["enabled"] == true
    }
}
