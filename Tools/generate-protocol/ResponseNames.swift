/// Finds the response of each method. The schema does not name it, but it follows from the names, with few exceptions.
struct ResponseNames {
    private let definitions: Set<String>
    private var claimed: Set<String> = []

    init(definitions: Set<String>) { self.definitions = definitions }

    /// Responses whose names derive from neither the params nor the method.
    private static let exceptions = [
        "account/gatewayOAuth/cancel": "GatewayOAuthCancelResponse",
        "account/gatewayOAuth/login": "GatewayOAuthLoginResponse",
        "account/gatewayOAuth/read": "GatewayOAuthReadResponse",
        "account/logout": "LogoutAccountResponse",
        "account/workspaceMessages/read": "GetWorkspaceMessagesResponse",
        "config/batchWrite": "ConfigWriteResponse",
        "config/mcpServer/reload": "McpServerRefreshResponse",
        "config/value/write": "ConfigWriteResponse",
        "externalAgentConfig/import/readHistories": "ExternalAgentConfigImportHistoriesReadResponse",
    ]

    mutating func response(to method: Method) throws -> String {
        let candidates = [
            Self.exceptions[method.name], afterParams(method.params), method.typeName + "Response",
        ]
        guard let name = candidates.compactMap({ $0 }).first(where: definitions.contains) else {
            throw GeneratorError("no response found for the method \(method.name)")
        }
        claimed.insert(name)
        return name
    }

    /// A response without a method means that a method was given the wrong response, or none.
    func checkAllClaimed() throws {
        let left = definitions.filter { $0.hasSuffix("Response") }.subtracting(claimed)
        let others: Set<String> = ["JSONRPCResponse"]  // the common envelope
        guard left.isSubset(of: others) else {
            throw GeneratorError("responses that belong to no method: \(left.subtracting(others).sorted())")
        }
    }

    private func afterParams(_ params: TypeReference) -> String? {
        switch params {
        case .definition(let name) where name.hasSuffix("Params"): name.dropLast("Params".count) + "Response"
        case .optional(let wrapped): afterParams(wrapped)
        default: nil
        }
    }
}
