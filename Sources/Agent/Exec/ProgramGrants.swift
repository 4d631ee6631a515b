import ExecGrants
import Synchronization

/// The grants for programs, and the programs that granted commands have started. Written by the server's decisions, used
/// by ``ExecMonitor``.
public final class ProgramGrants: Sendable {
    struct State {
        var grants: GrantTable
        var started = StartedPrograms()
    }

    let state: Mutex<State>

    /// `denied` lists the paths that no sandbox may leave readable.
    public init(denied: [String]) { state = Mutex(State(grants: GrantTable(denied: Set(denied)))) }

    func allow(_ grant: StartGrant) {
        state.withLock { state in
            switch grant {
            case .command(let grant): state.grants.add(grant, now: MonotonicTime.now)
            case .patch(let grant): state.grants.add(grant, now: MonotonicTime.now)
            case .look(let grant): state.grants.add(grant, now: MonotonicTime.now)
            case .tool: break
            }
        }
    }

    func revoke(thread threadID: String, call callID: String) {
        state.withLock { $0.grants.revoke(thread: threadID, call: callID) }
    }

    func revoke(turn turnID: String) { state.withLock { $0.grants.revoke(turn: turnID) } }

    func limit(thread threadID: String) {
        state.withLock { $0.grants.limit(thread: threadID, now: MonotonicTime.now) }
    }

    func revokePatch(thread threadID: String, turn turnID: String, call callID: String) {
        state.withLock { $0.grants.revokePatch(thread: threadID, turn: turnID, call: callID) }
    }

    func takeStarted(thread threadID: String, call callID: String) -> StartedPrograms.Tally? {
        state.withLock { $0.started.take(thread: threadID, call: callID) }
    }
}
