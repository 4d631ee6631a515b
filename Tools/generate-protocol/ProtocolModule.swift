/// The targets that types are written for.
enum ProtocolModule: String, CaseIterable {
    /// What the server is built with.
    case used = "CodexProtocol"
    /// All the rest, which exports `used` as well.
    case full = "CodexProtocolFull"

    /// Definitions that the server uses. `used` has these, the messages' envelopes, and all that they consist of.
    static let roots: Set<String> = [
        "CommandExecutionRequestApprovalParams",
        "FileChangeRequestApprovalParams",
        "ItemCompletedNotification",
        "ItemStartedNotification",
        "TurnCompletedNotification",
    ]

    /// What a file with this text must import. A public import that no declaration needs is a warning.
    func imports(for text: String) -> [String] {
        var imports: [String] = []
        let needsProtocols = ["Protocol", "StringEnumeration", "Definition"].contains(where: text.contains)
        if self == .full, needsProtocols { imports.append(Self.used.rawValue) }
        if ["JSONNumber", "JSONObject", "JSONValue"].contains(where: text.contains) { imports.append("JSON") }
        return imports
    }
}
