import ExecGrants
import JSON

/// Commands that a person has let leave the sandbox for more than one run: codex does not ask about them again, and
/// starts them outside. codex never forgets that, so a command stays here after its giver's approval has ended: then a
/// person must be asked before it starts.
struct SandboxExits: Sendable {
    private struct Command: Sendable, Hashable {
        let threadID: String
        let program: CommandGrant.Program
    }

    private struct Exit: Sendable {
        let basis: ThreadRecord.StandingBasis
        var hasEnded = false

        mutating func end(where hasEnded: (ClientContext) -> Bool) {
            if hasEnded(basis.client) { self.hasEnded = true }
        }
    }

    /// For the rest of a thread.
    private var commands: [Command: Exit] = [:]
    private var recentCommands = RecentSet<Command>(limit: limit)
    /// Through codex's lasting rules, each the first words of a command.
    private var prefixes: [[String]: Exit] = [:]
    private var recentPrefixes = RecentSet<[String]>(limit: limit)
    /// The lengths of the prefixes, in words.
    private var lengths: Set<Int> = []
    private static let limit = 1_000
    /// A longer prefix is not remembered, so the kernel stops what codex starts because of it.
    static let longestPrefix = 64

    /// Does codex start this outside the sandbox without a question?
    func covers(_ grant: CommandGrant) -> Bool {
        Self.command(grant).map { commands[$0] != nil } ?? false || !matches(grant).isEmpty
    }

    /// Whose approval such a start rests on. `mayGive` says whether that person still has the right, which differs for
    /// lasting rules.
    func basis(
        of grant: CommandGrant, where mayGive: (ThreadRecord.StandingBasis, _ isLasting: Bool) -> Bool
    ) -> ThreadRecord.StandingBasis? {
        if let exit = Self.command(grant).flatMap({ commands[$0] }), !exit.hasEnded, mayGive(exit.basis, false) {
            return exit.basis
        }
        return matches(grant).first { !$0.hasEnded && mayGive($0.basis, true) }?.basis
    }

    private static func command(_ grant: CommandGrant) -> Command? {
        grant.threadID.map { Command(threadID: $0, program: grant.program) }
    }

    /// The exits of prefixes that the command begins with, shortest first. Reads no more words than the longest prefix has.
    private func matches(_ grant: CommandGrant) -> [Exit] {
        guard let longest = lengths.max(), case .script(let text, _) = grant.program else { return [] }
        let words = text.split(maxSplits: longest, whereSeparator: \.isWhitespace).prefix(longest).map(String.init)
        return lengths.sorted().filter { $0 <= words.count }.compactMap { prefixes[Array(words.prefix($0))] }
    }

    mutating func add(_ grant: CommandGrant, on basis: ThreadRecord.StandingBasis) {
        guard let command = Self.command(grant) else { return }
        if let forgotten = recentCommands.insert(command) { commands[forgotten] = nil }
        commands[command] = Exit(basis: basis)
    }

    /// `amendment` is a person's answer to codex's question.
    mutating func add(amendment: JSONValue, on basis: ThreadRecord.StandingBasis) {
        let words = amendment["acceptWithExecpolicyAmendment"]?["execpolicy_amendment"]?.arrayValue
        guard let words = words?.compactMap(\.stringValue), (1...Self.longestPrefix).contains(words.count) else {
            return
        }
        if let forgotten = recentPrefixes.insert(words) { prefixes[forgotten] = nil }
        prefixes[words] = Exit(basis: basis)
        lengths = Set(prefixes.keys.map(\.count))
    }

    /// Ends the approvals of people whose sign-in has ended.
    mutating func end(where hasEnded: (ClientContext) -> Bool) {
        for command in commands.keys { commands[command]?.end(where: hasEnded) }
        for prefix in prefixes.keys { prefixes[prefix]?.end(where: hasEnded) }
    }
}
