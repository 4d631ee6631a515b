public import Policy

extension Role {
    /// Parses a role's name from the command line or a file. Throws `.usage` listing the roles.
    public init(named text: String) throws(AccessError) {
        guard let role = Role(rawValue: text) else {
            let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
            throw .usage("There is no role \"\(SanitizedText.of(text))\". Roles: \(known).")
        }
        self = role
    }
}
