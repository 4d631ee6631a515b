import CProcess
import ExecGrants
import Synchronization

/// The admitted processes below one agent: those that have started a program. Changed on the monitor's thread, read on
/// any.
final class AdmittedProcesses: Sendable {
    private struct State {
        var entries: [pid_t: (start: UInt64, admission: ExecGate.Admission)] = [:]
        /// Above this many entries, ended processes are removed and the limit becomes twice the rest, at least 1,024.
        var limit = 1_024
    }

    private let state = Mutex(State())

    func admission(of process: ProcessID) -> ExecGate.Admission? {
        let found = state.withLock { $0.entries[process.pid] }
        return found?.start == process.start ? found?.admission : nil
    }

    func add(_ process: ProcessID, _ admission: ExecGate.Admission) {
        state.withLock { state in
            state.entries[process.pid] = (process.start, admission)
            guard state.entries.count > state.limit else { return }
            state.entries = state.entries.filter { pid, entry in ProcessID(of: pid)?.start == entry.start }
            state.limit = max(1_024, state.entries.count * 2)
        }
    }
}

extension ProcessID {
    /// nil if there is no such process.
    init?(of pid: pid_t) {
        var place = cprocess_place()
        guard cprocess_find(pid, &place) == 0 else { return nil }
        self.init(pid: pid, start: place.start)
    }
}
