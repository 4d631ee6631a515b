import JSON
import JSONRPC

/// Members shared by thread calls and turn calls that would bypass the gate or the sandbox. Each is refused by name,
/// never dropped silently.
enum SharedParams {
    /// The requested reviewer of codex's own questions. OpenAI's SDKs ask for a model; here a person decides, which is
    /// stricter, so the call goes on with `user` instead. nil if the call asks for no other reviewer.
    static func otherReviewer(_ params: JSONValue) -> String? {
        params["approvalsReviewer"]?.stringValue.flatMap { $0 == "user" ? nil : $0 }
    }

    /// Returns the directories that the call makes writable in addition to the thread's own, links resolved; nil if it
    /// does not mention any.
    @discardableResult
    static func check(_ params: JSONObject, method: String, principal: Principal, policy: ServerPolicy)
        throws(ErrorReply)
        -> [String]?
    {
        if let permissions = params["permissions"], !permissions.isNull {
            throw ErrorReply(
                .refused, "\(method): permissions are chosen by the server. Use sandbox: readOnly or workspaceWrite.")
        }
        if let environments = params["environments"], !environments.isNull, environments != [] {
            throw ErrorReply(.refused, "\(method): environments would run commands outside this server's sandbox.")
        }
        if let roots = params["selectedCapabilityRoots"], !roots.isNull, roots != [] {
            throw ErrorReply(
                .refused,
                "\(method): selectedCapabilityRoots would start a plugin's programs outside the sandbox, unasked.")
        }
        if let reviewer = params["approvalsReviewer"], !reviewer.isNull, reviewer.stringValue == nil {
            throw ErrorReply(.invalidParams, "\(method): approvalsReviewer must be a string.")
        }
        if let roots = params["runtimeWorkspaceRoots"], !roots.isNull, roots.arrayValue == nil {
            throw ErrorReply(.invalidParams, "\(method): runtimeWorkspaceRoots must be a list.")
        }
        guard let roots = params["runtimeWorkspaceRoots"]?.arrayValue else { return nil }
        var resolvedRoots: [String] = []
        for root in roots {
            // The official client names the thread's own directory in each turn.
            if principal.isLocal, root == params["cwd"] { continue }  // it is checked separately
            guard let path = root.stringValue, let resolved = try? policy.directory(path),
                policy.mayBeWritable(resolved, for: principal)
            else {
                throw ErrorReply(
                    .refused,
                    "\(method): runtimeWorkspaceRoots \(root) is outside \(policy.writableInWords(principal)).")
            }
            try policy.checkWritable(resolved, "\(method): runtimeWorkspaceRoots \(root)")
            resolvedRoots.append(resolved)
        }
        return resolvedRoots
    }
}
