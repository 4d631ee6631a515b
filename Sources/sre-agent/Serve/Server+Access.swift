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
    /// The token store and the start token, which is created at the first start.
    func prepareTokens() throws -> Tokens {
        let store = FileTokenStore(directory: settings.stateDirectory)
        let start = try store.prepareStartToken()
        let secret = start?.secretPath.flatMap(ProcessEnvironment.readFile)?.split(whereSeparator: \.isWhitespace).first
        return Tokens(store: store, start: start, startSecret: secret.map(String.init))
    }

    struct Tokens {
        let store: any TokenStore
        let start: StartToken?
        /// nil if the start token has ended, or if its file is gone.
        let startSecret: String?
    }

    func authenticator(_ tokens: Tokens, _ rules: RulesFile?) throws -> Authenticator {
        let logger = logger
        return Authenticator(
            tokens: try LiveTokens(tokens.store) { logger.error("\($0)") },
            loginSessions: FileLoginSessionStore(directory: settings.stateDirectory) { logger.error("\($0)") },
            startTokenID: tokens.start?.token.id, proxies: rules?.trustedProxies)
    }

    static func signOutWhoMustGo(_ authenticator: Authenticator, _ hub: Hub) {
        hub.signOut(Hub.signedOutReason) { !authenticator.mayStay($0) }
    }

    /// Writes the first row of each server run: what was running, and which tokens existed.
    func noteStart(_ hub: Hub, _ store: any TokenStore) {
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
    func watchRules(_ hub: Hub, _ authenticator: Authenticator, _ environment: AgentEnvironment) -> FileWatch? {
        guard let path = settings.rulesFile else { return nil }
        return FileWatch(path) { [self] in
            do {
                if let reason = Self.whyNotUsed(path, environment) { throw Failure(reason) }
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

    private func apply(_ file: RulesFile, _ hub: Hub, _ authenticator: Authenticator) {
        hub.policy = file.applied(to: hub.policy)
        authenticator.proxies = file.trustedProxies
    }
}

extension RulesFile {
    func applied(to policy: ServerPolicy) -> ServerPolicy {
        var policy = policy
        policy.methods = methods
        policy.floors = floors
        policy.rules = rules
        return policy
    }

    var trustedProxies: Authenticator.Proxies? { proxy.map { .init(addresses: $0.addresses, identity: $0.identity) } }
}
