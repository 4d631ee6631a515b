public import Policy

extension Role {
    /// As roles are named on the command line and in files. Throws `.usage` naming those that there are.
    public init(named text: String) throws(AccessError) {
        guard let role = Role(rawValue: text) else {
            let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
            throw .usage("There is no role \"\(SanitizedText.of(text))\". Roles: \(known).")
        }
        self = role
    }
}
