extension CommandRule {
    /// Does this allow rule allow the command? An unknown directory or role does not match.
    func allows(_ command: SimpleCommand, directory: String?, role: Role?) -> Bool {
        guard decision == .allow, !AlwaysAsked.program(command.program) else { return false }
        if let roles {
            guard let role, roles.contains(role) else { return false }
        }
        if let directories {
            guard let inner = directory.flatMap(DirectoryPath.normalized),
                directories.contains(where: { DirectoryPath.contains($0, inner) })
            else { return false }
        }
        return programs.contains { $0.text == command.program } && allowed.permit(command.arguments)
    }

    /// Does this ask or deny rule match the command? An unknown directory or role matches.
    func concerns(_ command: SimpleCommand, directory: String?, role: Role?) -> Bool {
        guard decision != .allow else { return false }
        if let roles, let role, !roles.contains(role) { return false }
        if let directories, let inner = directory.flatMap(DirectoryPath.normalized),
            !directories.contains(where: { DirectoryPath.contains($0, inner) })
        {
            return false
        }
        let runsOthers = AlwaysAsked.program(Self.baseName(command.program))
        // `sudo -u root rm` runs rm: the rule does not work out which word is the program, so each may be.
        for position in command.words.indices where position == 0 || runsOthers {
            let name = Self.baseName(command.words[position])
            guard programs.contains(where: { $0.touches(name) }) else { continue }
            let rest = command.words[(position + 1)...]
            if containsSubcommand(rest), containsArgument(rest) { return true }
        }
        return false
    }

    private func containsSubcommand(_ words: ArraySlice<String>) -> Bool {
        subcommands.isEmpty
            || subcommands.contains { subcommand in
                var missing = subcommand[...]
                for word in words where missing.first?.touches(word) == true { missing.removeFirst() }
                return missing.isEmpty
            }
    }

    private func containsArgument(_ words: ArraySlice<String>) -> Bool {
        arguments.isEmpty || words.contains { word in arguments.contains { $0.touches(word) } }
    }

    private static func baseName(_ word: String) -> String {
        word.utf8.split(separator: UInt8(ascii: "/")).last.map { String(decoding: $0, as: UTF8.self) } ?? word
    }
}
