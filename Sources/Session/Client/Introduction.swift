import JSON
import JSONRPC
import Policy

/// A client's `initialize`, as the agent gets it.
struct Introduction {
    let params: JSONValue
    /// The notifications that the client does not want, but that the server itself needs: without them it would not know
    /// that a turn or an item has ended, or whose thread a sub-agent's is.
    let optedOut: Set<String>

    /// Throws if the server cannot see what the client opts out of: codex also accepts an object as a list of its members'
    /// values.
    init(_ params: JSONValue, role: Role) throws(ErrorReply) {
        var params = params
        guard let capabilitiesGiven = params["capabilities"], !capabilitiesGiven.isNull else {
            (self.params, optedOut) = (params, [])
            return
        }
        guard var capabilities = capabilitiesGiven.objectValue else {
            throw ErrorReply(.invalidParams, "initialize: capabilities is not an object.")
        }
        let list = capabilities["optOutNotificationMethods"] ?? .null
        guard list.isNull || list.arrayValue?.allSatisfy({ $0.stringValue != nil }) == true else {
            throw ErrorReply(.invalidParams, "initialize: optOutNotificationMethods is not a list of method names.")
        }
        let unwanted = (list.arrayValue ?? []).compactMap(\.stringValue)
        let needed = ClientSession.watchedMethods
        optedOut = Set(unwanted).intersection(needed)
        if !optedOut.isEmpty {
            let rest = unwanted.filter { !needed.contains($0) }
            capabilities["optOutNotificationMethods"] = .array(rest.map { .string($0) })
        }
        // It changes the agent that all clients share, and cannot be undone.
        if role < .admin { capabilities["explicitGatewayOauth"] = nil }
        params["capabilities"] = .object(capabilities)
        self.params = params
    }
}
