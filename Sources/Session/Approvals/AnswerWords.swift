import JSON

/// What of an answer reaches the agent, and which answers hold words that its model may read.
extension Approval {
    /// Does this answer give the agent more than a yes or no? Then who gave it is an author of the thread's input.
    func conveysWords(_ answer: Answer, _ decision: Decision?) -> Bool {
        guard case .result(let result) = answer else { return !isKnown && isWordy(answer) }
        switch decision {
        case .decline(let reason): return reason?.isEmpty == false
        // codex tells the model which rule was saved.
        case .amendment(let object): return !proposes(object)
        case .accept, .acceptForSession, .cancel: return false
        case nil: break
        }
        if method == Self.permissions { return PermissionGrant(result).hasOwnDenials(in: params) }
        return isGranted(by: answer, nil)
    }

    /// The answer as the agent gets it: nothing that was not checked, and nobody's words but those that
    /// ``conveysWords(_:_:)`` reports.
    func forwarded(_ answer: Answer, _ decision: Decision?) -> Answer {
        switch answer {
        case .error(let error):
            guard isKnown else { return answer }
            return .error(["code": error["code"] ?? -32000, "message": "The client answered with an error."])
        case .result(var result):
            if let decision {
                // codex would write later contents of the same files outside the sandbox without a question, and the
                // kernel's gate would stop it.
                let isStandingPatch = decision == .acceptForSession && method == Self.fileChange
                return .result(["decision": (isStandingPatch ? Decision.accept : decision).codexValue])
            }
            if method == Self.permissions { return .result(PermissionGrant(result).forwarded) }
            result["comment"] = nil
            // An MCP server would get `_meta` and `content` of a no as well.
            if method == Self.elicitation, !isGranted(by: answer, nil) {
                result = ["action": result["action"] ?? "decline", "content": nil, "_meta": nil]
            }
            return .result(result)
        }
    }

    /// Does this version of the server know what codex does with the answers?
    private var isKnown: Bool {
        asksForDecision || isConversational || method == Self.permissions || method == Self.elicitation
    }

    private func isWordy(_ answer: Answer) -> Bool {
        guard case .error(let error) = answer else { return true }
        return error["message"]?.stringValue?.isEmpty == false || !(error["data"]?.isNull ?? true)
    }

    /// Does the question itself offer exactly this rule?
    private func proposes(_ amendment: JSONObject) -> Bool {
        if params["availableDecisions"]?.arrayValue?.contains(.object(amendment)) == true { return true }
        let rule: JSONValue? = amendment["acceptWithExecpolicyAmendment"]
        guard amendment.count == 1, let rule, let proposed = params["proposedExecpolicyAmendment"] else { return false }
        return rule == ["execpolicy_amendment": proposed]
    }
}
