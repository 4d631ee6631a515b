import Dispatch
import Synchronization

/// The login sessions in memory and in a file: `STATE_DIR/signins.json` (0600) holds their hashes.
///
/// A separate thread writes the file, so a crash can lose the latest change: a person signs in again, or signs out
/// again.
public final class FileLoginSessionStore: LoginSessionStore {
    private struct State {
        var sessions: LoginSessions
        var isWritePlanned = false
    }

    private let path: String
    private let state: Mutex<State>
    private let queue = DispatchQueue(label: "sign-ins")
    private let report: @Sendable (AccessError) -> Void

    /// `directory` is STATE_DIR. Reads the file, so do not call this on an event loop. If the file cannot be read,
    /// calls `report` and starts without login sessions: people only have to sign in again. Also calls `report` if the
    /// file cannot be written; the login sessions then last until the server ends.
    public init(directory: String, report: @escaping @Sendable (AccessError) -> Void) {
        path = "\(directory)/signins.json"
        self.report = report
        var sessions = LoginSessions()
        do throws(AccessError) {
            if let bytes = try PrivateFile.read(path) {
                guard let read = LoginSessions(parsing: bytes) else {
                    throw .file(path, "is damaged. All users must sign in again.")
                }
                sessions = read
            }
        } catch {
            report(error)
        }
        state = Mutex(State(sessions: sessions))
    }

    public func create(for token: AccessToken, now: Milliseconds) -> (loginSession: LoginSession, secrets: LoginSecrets)
    {
        while true {
            let secrets = LoginSecrets.make()
            guard let (hash, keyHash) = secrets.hashes else { continue }
            let loginSession = change { $0.create(for: token, hash: hash, keyHash: keyHash, now: now) }
            return (loginSession, secrets)
        }
    }

    public func find(
        _ secrets: LoginSecrets, now: Milliseconds, tokenSet: TokenSet
    ) -> (loginSession: LoginSession, token: AccessToken)? {
        guard let (hash, keyHash) = secrets.hashes,
            let loginSession = state.withLock({ $0.sessions.find(hash, keyHash: keyHash, now: now) }),
            let token = tokenSet.valid(id: loginSession.tokenID, now: now)
        else { return nil }
        return (loginSession, token)
    }

    public func isOpen(id: String, now: Milliseconds) -> Bool {
        state.withLock { $0.sessions.contains(id: id, now: now) }
    }

    @discardableResult
    public func end(_ secrets: LoginSecrets, now: Milliseconds) -> LoginSession? {
        guard let (hash, keyHash) = secrets.hashes else { return nil }
        return change { sessions in
            guard let loginSession = sessions.find(hash, keyHash: keyHash, now: now) else { return nil }
            sessions.remove(loginSession)
            return loginSession
        }
    }

    public func flush() { queue.sync {} }

    private func change<Result: Sendable>(_ body: (inout LoginSessions) -> Result) -> Result {
        let (result, plans) = state.withLock { state in
            let result = body(&state.sessions)
            defer { state.isWritePlanned = true }
            return (result, !state.isWritePlanned)
        }
        // One write covers all changes made before it begins.
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
