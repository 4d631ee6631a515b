import ExecGrants
import JSON

/// Commands that a person has let leave the sandbox for more than one run: codex does not ask about them again, and
/// starts them outside.
struct SandboxExits: Sendable {
    private struct Command: Sendable, Hashable {
        let threadID: String
        let program: CommandGrant.Program
    }

    /// For the rest of a thread.
    private var commands = RecentSet<Command>(limit: 1_000)
    /// Through codex's lasting rules, each the first words of a command.
    private var prefixes = RecentSet<[String]>(limit: 1_000)

    func covers(_ grant: CommandGrant) -> Bool {
        if let threadID = grant.threadID, commands.contains(Command(threadID: threadID, program: grant.program)) {
            return true
        }
        guard case .script(let text, _) = grant.program else { return false }
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        return (1...max(1, words.count)).contains { prefixes.contains(Array(words.prefix($0))) }
    }

    mutating func add(_ grant: CommandGrant) {
        guard let threadID = grant.threadID else { return }
        commands.insert(Command(threadID: threadID, program: grant.program))
    }

    /// `amendment` is a person's answer to codex's question.
    mutating func add(amendment: JSONValue) {
        let words = amendment["acceptWithExecpolicyAmendment"]?["execpolicy_amendment"]?.arrayValue
        guard let words = words?.compactMap(\.stringValue), !words.isEmpty else { return }
        prefixes.insert(words)
    }
}
