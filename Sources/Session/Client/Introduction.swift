import JSON
import Policy

/// A client's `initialize`, as the agent gets it.
struct Introduction {
    let params: JSONValue
    /// The notifications that the client does not want, but that the server itself needs: without them it would not know
    /// that a turn or an item has ended, or whose thread a sub-agent's is.
    let optedOut: Set<String>

    init(_ params: JSONValue, role: Role) {
        var params = params
        guard var capabilities = params["capabilities"]?.objectValue else {
            (self.params, optedOut) = (params, [])
            return
        }
        let unwanted = (capabilities["optOutNotificationMethods"]?.arrayValue ?? []).compactMap(\.stringValue)
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
