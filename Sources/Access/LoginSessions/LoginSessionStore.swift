import Dispatch
import Synchronization

/// The login sessions of a server. They outlive a restart: `STATE_DIR/signins.json` (0600) holds the hashes.
///
/// Every call returns at once and may be made on an event loop. The file is written on a thread of its own, so a crash
/// can lose what happened just before it: somebody signs in again, or somebody who signed out has to do so again.
public final class LoginSessionStore: Sendable {
    private struct State {
        var sessions: LoginSessions
        var isWritePlanned = false
    }

    private let path: String
    private let state: Mutex<State>
    private let queue = DispatchQueue(label: "sign-ins")
    private let report: @Sendable (AccessError) -> Void

    /// `directory` is STATE_DIR. Reads the file, so not on an event loop. When the file cannot be read, `report` is told
    /// and nobody is signed in: that is the safe side, and all it costs is signing in again. `report` is also told when
    /// it cannot be written; the login sessions are then good until the server ends.
    public init(directory: String, report: @escaping @Sendable (AccessError) -> Void) {
        path = "\(directory)/signins.json"
        self.report = report
        var sessions = LoginSessions()
        do throws(AccessError) {
            if let bytes = try PrivateFile.read(path) {
                guard let read = LoginSessions(parsing: bytes) else {
                    throw .file(path, "is damaged. Everybody has to sign in again.")
                }
                sessions = read
            }
        } catch {
            report(error)
        }
        state = Mutex(State(sessions: sessions))
    }

    /// There are at most 1,000 login sessions, and 100 of one token; beyond it the oldest ends.
    public func create(for token: AccessToken, now: Milliseconds) -> (loginSession: LoginSession, secrets: LoginSecrets)
    {
        while true {
            let secrets = LoginSecrets.make()
            guard let (hash, keyHash) = secrets.hashes else { continue }
            let loginSession = change { $0.create(for: token, hash: hash, keyHash: keyHash, now: now) }
            return (loginSession, secrets)
        }
    }

    /// Nil when one of the secrets is wrong, and as soon as the login session or its token has ended.
    public func find(
        _ secrets: LoginSecrets, now: Milliseconds, tokenSet: TokenSet
    ) -> (loginSession: LoginSession, token: AccessToken)? {
        guard let (hash, keyHash) = secrets.hashes,
            let loginSession = state.withLock({ $0.sessions.find(hash, keyHash: keyHash, now: now) }),
            let token = tokenSet.valid(id: loginSession.tokenID, now: now)
        else { return nil }
        return (loginSession, token)
    }

    /// Whether what was opened with a login session may stay open, as far as the login session goes; its token is asked
    /// for besides.
    public func isOpen(id: String, now: Milliseconds) -> Bool {
        state.withLock { $0.sessions.contains(id: id, now: now) }
    }

    /// Signing out. Returns what has ended, whose sockets are to be closed; nil when there was no such sign-in.
    @discardableResult
    public func end(_ secrets: LoginSecrets, now: Milliseconds) -> LoginSession? {
        guard let (hash, keyHash) = secrets.hashes else { return nil }
        return change { sessions in
            guard let loginSession = sessions.find(hash, keyHash: keyHash, now: now) else { return nil }
            sessions.remove(loginSession)
            return loginSession
        }
    }

    /// Waits until the disk has everything: when the server stops. Not on an event loop.
    public func flush() { queue.sync {} }

    private func change<Result: Sendable>(_ body: (inout LoginSessions) -> Result) -> Result {
        let (result, plans) = state.withLock { state in
            let result = body(&state.sessions)
            defer { state.isWritePlanned = true }
            return (result, !state.isWritePlanned)
        }
        // One write for all that changes before it begins.
        if plans { queue.async { self.write() } }
        return result
    }

    private func write() {
        let bytes = state.withLock { state in
            state.isWritePlanned = false
            return state.sessions
        }.serialized()
        do throws(AccessError) {
            try PrivateFile.replace(path, with: bytes)
        } catch {
            report(error)
        }
    }
}
