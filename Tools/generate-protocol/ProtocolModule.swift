/// The targets that types are generated for.
enum ProtocolModule: String, CaseIterable {
    /// The part that the server is built with.
    case used = "CodexProtocol"
    /// The rest, which also exports `used`.
    case full = "CodexProtocolFull"

    /// Definitions that the server uses. `used` has these, the messages' envelopes, and all types that they refer to.
    static let roots: Set<String> = [
        "CommandExecutionRequestApprovalParams",
        "FileChangeRequestApprovalParams",
        "ItemCompletedNotification",
        "ItemStartedNotification",
        "TurnCompletedNotification",
    ]

    /// The imports of a file with this text. A public import that no declaration needs is a warning.
    func imports(for text: String) -> [String] {
        var imports: [String] = []
        let needsProtocols = ["Protocol", "StringEnumeration", "Definition"].contains(where: text.contains)
        if self == .full, needsProtocols { imports.append(Self.used.rawValue) }
        if ["JSONNumber", "JSONObject", "JSONValue"].contains(where: text.contains) { imports.append("JSON") }
        return imports
    }
}
