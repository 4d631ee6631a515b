import Access
import ArgumentParser
import AuditRecord
import Edge
import Glibc
import JSON
import Logging
import Policy
import Relay
import RulesFile
import Session
import Settings

/// Tokens, roles and rules, and their changes while the server runs.
extension Server {
    /// The token store, and the start token, which is created at the first start, with the path of its secret.
    func prepareTokens() throws -> (store: TokenStore, start: StartToken?) {
        let store = TokenStore(directory: settings.stateDirectory)
        return (store, try store.prepareStartToken())
    }

    func authenticator(_ store: TokenStore, _ start: StartToken?, _ hub: Hub) throws -> Authenticator {
        let logger = logger
        // The authenticator is created after the tokens that it uses, so the callback looks it up on each change.
        let lateAuthenticator = LateBound<Authenticator>()
        let before = LateBound<TokenSet>()
        before.value = try store.read()
        let tokens = try LiveTokens(
            store,
            changed: { tokenSet in
                Self.noteChanges(from: before.value, to: tokenSet, hub)
                Self.signOutChanged(from: before.value, to: tokenSet, hub)
                before.value = tokenSet
                if let authenticator = lateAuthenticator.value { Self.signOutWhoMustGo(authenticator, hub) }
            },
            report: { logger.error("\($0)") })
        let loginSessions = LoginSessionStore(directory: settings.stateDirectory) { logger.error("\($0)") }
        let authenticator = Authenticator(tokens: tokens, loginSessions: loginSessions, startTokenID: start?.token.id)
        lateAuthenticator.value = authenticator
        return authenticator
    }

    static func signOutWhoMustGo(_ authenticator: Authenticator, _ hub: Hub) {
        hub.signOut(Hub.signedOutReason) { !authenticator.mayStay($0) }
    }

    /// Signs out sessions whose token now has a different secret or role under the same id.
    private static func signOutChanged(from before: TokenSet?, to after: TokenSet, _ hub: Hub) {
        let present = Dictionary(after.tokens.map { ($0.id, $0) }) { first, _ in first }
        let changed = Set(
            (before?.tokens ?? []).filter { !(present[$0.id]?.opensTheSame(as: $0) ?? false) }.map(\.id))
        guard !changed.isEmpty else { return }
        hub.signOut(Hub.signedOutReason) { $0.principal.tokenID.map(changed.contains) ?? false }
    }

    private static func noteChanges(from before: TokenSet?, to after: TokenSet, _ hub: Hub) {
        let known = Dictionary((before?.tokens ?? []).map { ($0.id, $0) }) { first, _ in first }
        for token in after.tokens {
            let details: JSONObject = [
                "tokenId": .string(token.id), "name": .string(token.name), "role": .string(token.role.rawValue),
                "expiresAt": token.expiresAt.map { .number(JSONNumber($0)) } ?? .null,
            ]
            if known[token.id] == nil { hub.note(AuditEntry(.tokenCreated, at: 0, details: details)) }
            if token.revokedAt != nil, known[token.id]?.revokedAt == nil {
                hub.note(AuditEntry(.tokenRevoked, at: 0, details: details))
            }
        }
    }

    /// Writes the first row of each server run: what was running, and which tokens existed.
    func noteStart(_ hub: Hub, _ store: TokenStore) {
        let now = WallClock.now()
        let tokens = ((try? store.list()) ?? []).map { token -> JSONValue in
            [
                "tokenId": .string(token.id), "name": .string(token.name), "role": .string(token.role.rawValue),
                "state": .string(token.state(at: now).rawValue),
            ]
        }
        var details: JSONObject = [
            "version": .string(Version.current), "host": .string(settings.host),
            "port": .number(JSONNumber(Int64(settings.port))),
            "agentMode": .string(settings.agentMode.rawValue), "tls": .bool(settings.tls != nil),
            "allowsUnattended": .bool(settings.allowsUnattended),
            "allowsFullAccess": .bool(settings.allowsFullAccess), "tokens": .array(tokens),
        ]
        if let path = settings.rulesFile { details["configuration"] = .object(Self.describe(path)) }
        hub.note(AuditEntry(.serverStarted, at: 0, details: details))
    }

    // MARK: Configuration file

    /// Reads the file of `--config`; nil without one. Throws an error that names the line.
    func readRules() throws -> RulesFile? {
        guard let path = settings.rulesFile else { return nil }
        return try RulesFile.read(path: path, defaults: defaultFloors, resolve: Directories.resolve)
    }

    /// If the file cannot be used, prints the error and ends the start with the exit code for invalid settings.
    func rulesAtStart() throws -> RulesFile? {
        do {
            return try readRules()
        } catch let error as RulesFileError {
            StandardError.write("CONFIG: \(error)")
            throw ExitCode(64)
        }
    }

    /// The agent must not be able to change the file, not even through a symbolic link.
    func checkRulesFile() throws(SettingsError) {
        guard let path = settings.rulesFile, let file = realpath(path, nil) else { return }
        defer { free(file) }
        guard !String(cString: file).hasPrefix("\(workspace)/") else {
            throw SettingsError(key: "CONFIG", reason: "\(path) leads into WORKSPACE, where the agent could change it")
        }
    }

    var defaultFloors: Floors {
        Floors(
            workspace: workspace,
            allowsUnattended: settings.allowsUnattended, allowsFullAccess: settings.allowsFullAccess)
    }

    /// Reads the file again whenever it changes. If it cannot be read, the previous rules stay in effect.
    func watchRules(_ hub: Hub, _ authenticator: Authenticator) -> FileWatch? {
        guard let path = settings.rulesFile else { return nil }
        return FileWatch(path) { [self] in
            do {
                guard let file = try readRules() else { return }
                apply(file, hub, authenticator)
                Self.signOutWhoMustGo(authenticator, hub)
                hub.note(AuditEntry(.configurationChanged, at: 0, details: Self.describe(path)))
                logger.notice("\(path) is now in effect")
            } catch {
                logger.error("\(path) is not used; the previous configuration stays in effect: \(error)")
                var details = Self.describe(path)
                details["error"] = .string("\(error)")
                hub.note(AuditEntry(.configurationChanged, at: 0, details: details))
            }
        }
    }

    private static func describe(_ path: String) -> JSONObject {
        ["path": .string(path), "text": .string(ProcessEnvironment.readFile(path) ?? "")]
    }

    func apply(_ file: RulesFile, _ hub: Hub, _ authenticator: Authenticator) {
        var policy = hub.policy
        policy.methods = file.methods
        policy.floors = file.floors
        policy.rules = file.rules
        hub.policy = policy
        authenticator.proxies = file.proxy.map { .init(addresses: $0.addresses, identity: $0.identity) }
    }
}
