import JSON
import JSONRPC
import Policy

/// Who may call which method.
enum MethodRules {
    /// Remote control would let clients past this server, whoever calls it.
    static func isOpen(_ method: String) -> Bool { !method.hasPrefix("remoteControl/") }

    static func check(_ method: String, actor: Actor, table: MethodTable) throws(ErrorReply) {
        guard isOpen(method) else {
            throw ErrorReply(
                .refused, "\(method): remote control would let clients past this server, so it is off here.")
        }
        let needed = table.roleNeeded(for: method)
        guard actor.role >= needed else {
            throw ErrorReply(
                .refused, "\(method) needs the role \(needed.rawValue); you are \(actor.role.rawValue).",
                data: ["method": .string(method), "roleNeeded": .string(needed.rawValue)])
        }
    }
}
