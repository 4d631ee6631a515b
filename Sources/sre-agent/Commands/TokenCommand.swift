import Access
import ArgumentParser
import Glibc
import Policy
import Settings

struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Creates, lists and revokes access tokens. A running server applies changes at once.",
        subcommands: [TokenCreateCommand.self, TokenListCommand.self, TokenRevokeCommand.self])
}

struct TokenCreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Creates a token and shows it once: only its hash is kept.")

    @Option(help: "Who or what it is for; shown with decisions.")
    var name: String

    @Option(help: "viewer, operator, approver or admin.")
    var role: String

    @Option(help: "How long it is valid, such as 30d, 12h or 90m. By default until it is revoked.")
    var expires: String?

    @OptionGroup var shared: SettingsOptions

    func run() throws {
        let store = try shared.tokenStore()
        try exiting { () throws(AccessError) in
            let role = try Role(named: role)
            let lifetime: Duration?
            if let expires { lifetime = try Lifetime.parse(expires) } else { lifetime = nil }
            let (token, secret) = try store.create(name: name, role: role, expiresIn: lifetime)
            let end = token.expiresAt.map { "until \(ISODate.text($0))" } ?? "until it is revoked"
            StandardError.write("Token \(token.name), \(role.rawValue), \(end). It is shown only once:")
            // Print only the secret to standard output, so that it can be piped.
            print(secret)
        }
    }
}

struct TokenListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists all tokens, including expired and revoked ones, without their secrets.")

    @OptionGroup var shared: SettingsOptions

    func run() throws {
        let store = try shared.tokenStore()
        try exiting { () throws(AccessError) in
            let now = WallClock.now()
            let rows = try store.list().map { token in
                [
                    token.id, token.name, token.role.rawValue, ISODate.text(token.createdAt),
                    token.expiresAt.map(ISODate.text) ?? "never", token.state(at: now).rawValue,
                ]
            }
            for line in Table.lines([["ID", "NAME", "ROLE", "CREATED", "EXPIRES", "STATE"]] + rows) { print(line) }
        }
    }
}

struct TokenRevokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revokes a token, its sign-ins and its open sockets.")

    @Argument(help: "The token's name or id.")
    var token: String

    @OptionGroup var shared: SettingsOptions

    func run() throws {
        let store = try shared.tokenStore()
        try exiting { () throws(AccessError) in
            let ended = try store.revoke(token)
            StandardError.write("Revoked \(ended.name) (\(ended.id)).")
        }
    }
}

extension SettingsOptions {
    fileprivate func tokenStore() throws -> any TokenStore {
        let settings = try settings()
        try Directories.make(settings.stateDirectory, mode: 0o700)
        return FileTokenStore(directory: settings.stateDirectory)
    }
}

/// Writes an error as one line to standard error. Exits with 64 for wrong usage (EX_USAGE, sysexits.h), otherwise with
/// 1.
private func exiting(_ body: () throws(AccessError) -> Void) throws {
    do throws(AccessError) {
        try body()
    } catch {
        StandardError.write(error.description)
        throw ExitCode(error.kind == .usage ? 64 : 1)
    }
}

private enum Table {
    /// Aligns columns to their widest text, two spaces apart. Every row must have as many cells as the first.
    static func lines(_ rows: [[String]]) -> [String] {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
