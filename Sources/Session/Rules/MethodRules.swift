import JSON
import JSONRPC
import Policy

/// Which roles may call which methods.
enum MethodRules {
    /// Does ``ClientSession`` read the params of such a call, for every role?
    static func readsParams(of method: String) -> Bool {
        ThreadCall.Method(rawValue: method) != nil || TurnCall.methods.contains(method)
            || PathMembers.areChecked(of: method) || PathMembers.lists[method] != nil
            || ["initialize", "thread/list", "thread/unsubscribe", "turn/interrupt"].contains(method)
    }

    /// Remote control would let clients bypass this server, so it is closed to every role.
    static func isOpen(_ method: String) -> Bool { !method.hasPrefix("remoteControl/") }

    /// A method name for a sentence: an unknown name may be as long as a message, so it is shortened.
    static func shown(_ method: String) -> String { method.utf8.count <= 200 ? method : method.prefix(200) + "…" }

    static func check(_ method: String, principal: Principal, permissions: MethodPermissions) throws(ErrorReply) {
        let needed = permissions.roleNeeded(for: method), name = shown(method)
        guard isOpen(method) else {
            throw ErrorReply(
                .refused, "\(name): remote control would let clients past this server, so it is off here.")
        }
        guard principal.role >= needed else {
            throw ErrorReply(
                .refused, "\(name) needs the role \(needed.rawValue); you are \(principal.role.rawValue).",
                data: ["method": .string(name), "roleNeeded": .string(needed.rawValue)])
        }
    }

    /// A search covers content that is masked for viewers, so `searchTerm` needs the role that `thread/search` needs.
    static func checkSearch(_ method: String, params: JSONValue, principal: Principal, permissions: MethodPermissions)
        throws(ErrorReply)
    {
        guard method == "thread/list", let term = params["searchTerm"], !term.isNull else { return }
        let needed = permissions.roleNeeded(for: "thread/search")
        guard principal.role >= needed else {
            throw ErrorReply(
                .refused,
                "thread/list: searchTerm needs the role \(needed.rawValue); you are \(principal.role.rawValue).",
                data: ["method": .string(method), "roleNeeded": .string(needed.rawValue)])
        }
    }
}
