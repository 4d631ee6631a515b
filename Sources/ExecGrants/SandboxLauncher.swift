import JSON

/// A call of codex's sandbox launcher: `codex-linux-sandbox` with its options, `--`, and the program's own command
/// line. Observed with codex 0.163; unknown options are refused.
struct SandboxLauncher: Hashable {
    /// The directory in which the program starts.
    let directory: String
    let profile: SandboxProfile
    /// The program's command line.
    let command: [String]

    static let name = "codex-linux-sandbox"

    enum Fault: Error, Hashable {
        /// Another program, or codex in another role.
        case isNoLauncher
        case unknownOption(String)
        case isIncomplete
        case unreadableProfile
    }

    init(_ call: ExecCall) throws(Fault) {
        guard call.isAgent, let name = call.arguments.first,
            name.isIdentical(to: Self.name) || name.utf8.reversed().starts(with: "/\(Self.name)".utf8.reversed())
        else { throw .isNoLauncher }
        var rest = call.arguments.dropFirst()
        var values: [String: String] = [:]
        while let option = rest.popFirst(), option != "--" {
            guard Self.options.contains(option), values[option] == nil else { throw .unknownOption(option) }
            guard let value = rest.popFirst() else { throw .isIncomplete }
            values[option] = value
        }
        guard values["--sandbox-policy-cwd"] != nil, let directory = values["--command-cwd"],
            let profile = values["--permission-profile"], !rest.isEmpty
        else { throw .isIncomplete }
        guard let profile = SandboxProfile(profile) else { throw .unreadableProfile }
        self.directory = directory
        self.profile = profile
        command = Array(rest)
    }

    private static let options: Set<String> = ["--sandbox-policy-cwd", "--command-cwd", "--permission-profile"]
}
